import type { Child, Inventory, Manifest, Version } from "../inventory/inventory";
import { type SchemeTag, schemesOf, userTagsOf } from "./tag-schemes";

/** `from` keeps `to` alive; `as` says to people what `to` is for `from`: `linux/arm64`, `signature`. */
export interface Edge {
  readonly to: number;
  readonly as: string;
}

/**
 * - `root`: an image a person means: tagged, or untagged and needed by nothing.
 * - `child`: untagged, listed by an index.
 * - `referrer`: has a subject, or only tags of a scheme such as `sha256-<hex>`; it follows its subject.
 */
export type Role = "root" | "child" | "referrer";

export interface Node {
  readonly version: Version;
  /** Absent when the manifest was not read: then nothing may be concluded from it. */
  readonly manifest: Manifest | undefined;
  readonly role: Role;
  /** The tags that people set; scheme tags are left out. */
  readonly userTags: readonly string[];
  /** What this node refers to and the package holds: it follows these. */
  readonly subjects: readonly number[];
  /** Children that the index lists and the package does not hold, or only in name. */
  readonly missingChildren: readonly string[];
}

/** Who keeps whom alive. Nodes are ordered newest first (creation, then id), whatever the inventory's order. */
export interface Graph {
  readonly inventory: Inventory;
  readonly nodes: readonly Node[];
  readonly byDigest: ReadonlyMap<string, number>;
  /** Per node: what it keeps alive. */
  readonly keeps: readonly (readonly Edge[])[];
  /** Per node: the nodes that keep it alive. */
  readonly keptBy: readonly (readonly number[])[];
  /** Not read, and no index vouches that they are plain images: anything may hang under them. */
  readonly obscure: readonly number[];
}

/** Builds the graph. Pure; linear in versions and references (sorting apart). */
export function buildGraph(inventory: Inventory): Graph {
  const versions = [...inventory.versions].sort(newestFirst);
  const byDigest = new Map(versions.map((version, node) => [version.digest, node]));
  const byCutDigest = new Map(versions.filter(isCuttable).map((version) => [cut(version.digest), byDigest.get(version.digest) ?? -1]));
  const keeps: Edge[][] = versions.map(() => []);
  const keptBy: number[][] = versions.map(() => []);
  const listed = new Set<number>();
  const vouchedFor = new Set<number>();
  const listedOtherwise = new Set<number>();

  function connect(from: number, to: number, as: string): void {
    keeps[from]?.push({ to, as });
    keptBy[to]?.push(from);
  }

  function connectChildren(from: number, children: readonly Child[]): string[] {
    const missing: string[] = [];
    for (const child of children) {
      const to = byDigest.get(child.digest);
      if (to === undefined) {
        if (!child.other) missing.push(child.digest);
        continue;
      }
      if (inventory.manifests.get(child.digest)?.gone) missing.push(child.digest);
      if (to !== from) {
        listed.add(to);
        (child.index || child.other ? listedOtherwise : vouchedFor).add(to);
        connect(from, to, child.label);
      }
    }
    return missing;
  }

  function connectSubjects(node: number, manifest: Manifest | undefined, schemes: readonly SchemeTag[]): number[] {
    const subjects = new Map<number, string>();
    const subject = manifest?.subject === undefined ? undefined : byDigest.get(manifest.subject);
    if (subject !== undefined) subjects.set(subject, describeReferrer(manifest));
    for (const scheme of schemes) {
      const target = byDigest.get(scheme.subjectPrefix) ?? byCutDigest.get(scheme.subjectPrefix);
      if (target !== undefined && !subjects.has(target)) subjects.set(target, scheme.label);
    }
    subjects.delete(node);
    for (const [target, as] of subjects) connect(target, node, as);
    return [...subjects.keys()];
  }

  const drafts = versions.map((version, node) => {
    const manifest = inventory.manifests.get(version.digest);
    const userTags = userTagsOf(version);
    const schemes = schemesOf(version);
    return {
      version,
      manifest,
      userTags,
      missingChildren: connectChildren(node, manifest?.children ?? []),
      subjects: connectSubjects(node, manifest, schemes),
      refers: schemes.length > 0,
    };
  });
  const nodes = drafts.map(({ refers, ...draft }, node) => ({ ...draft, role: roleOf(draft, refers, listed.has(node)) }) satisfies Node);
  const isObscure = ({ version, manifest }: Node, node: number): boolean =>
    manifest === undefined && (version.tags.length > 0 || !vouchedFor.has(node) || listedOtherwise.has(node));
  const obscure = nodes.flatMap((node, place) => (isObscure(node, place) ? [place] : []));
  return { inventory, nodes, byDigest, keeps, keptBy, obscure };
}

function roleOf(draft: { manifest: Manifest | undefined; userTags: readonly string[] }, refers: boolean, isListed: boolean): Role {
  if (draft.manifest?.subject !== undefined) return "referrer";
  if (draft.userTags.length > 0) return "root";
  if (refers) return "referrer";
  return isListed ? "child" : "root";
}

function describeReferrer(manifest: Manifest | undefined): string {
  return manifest?.artifactType === undefined ? "referrer" : `referrer (${manifest.artifactType})`;
}

function newestFirst(a: Version, b: Version): number {
  return b.createdAt - a.createdAt || b.id - a.id;
}

/** A tag holds 128 characters at the most, so sha512 digests are cut to 64 hex digits in fallback tags. */
function isCuttable(version: Version): boolean {
  return version.digest.startsWith("sha512:");
}

function cut(digest: string): string {
  return digest.slice(0, "sha512:".length + 64);
}
