import type { Child, Inventory, Manifest, Version } from "../model/inventory";
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
  readonly unclassified: readonly number[];
}

/** The places of the nodes that meet a test, in the graph's order. */
export function indicesWhere({ nodes }: Graph, test: (node: Node, index: number) => boolean): number[] {
  const indices: number[] = [];
  for (let index = 0; index < nodes.length; index++) {
    if (test(nodes[index] as Node, index)) indices.push(index);
  }
  return indices;
}

/** Builds the graph. Pure; linear in versions and references (sorting apart). */
export function buildGraph(inventory: Inventory): Graph {
  const versions = [...inventory.versions].sort(newestFirst);
  const manifests = versions.map(({ digest }) => inventory.manifests.get(digest));
  const byDigest = new Map<string, number>();
  const byCutDigest = new Map<string, number>();
  versions.forEach(({ digest }, node) => {
    byDigest.set(digest, node);
    if (isCuttable(digest)) byCutDigest.set(cut(digest), node);
  });
  // Most versions are leaves, so what is empty is shared.
  const keeps: Edge[][] = versions.map(() => none);
  const keptBy: number[][] = versions.map(() => none);
  const listed = new Uint8Array(versions.length);
  const vouchedFor = new Uint8Array(versions.length);
  const listedOtherwise = new Uint8Array(versions.length);

  function connect(from: number, to: number, as: string): void {
    append(keeps, from, { to, as });
    append(keptBy, to, from);
  }

  function connectChildren(from: number, children: readonly Child[]): readonly string[] {
    if (children.length === 0) return none;
    const missing: string[] = [];
    for (const child of children) {
      const to = byDigest.get(child.digest);
      if (to === undefined) {
        if (!child.other) missing.push(child.digest);
        continue;
      }
      if (manifests[to]?.gone) missing.push(child.digest);
      if (to !== from) {
        listed[to] = 1;
        (child.index || child.other ? listedOtherwise : vouchedFor)[to] = 1;
        connect(from, to, child.label);
      }
    }
    return missing;
  }

  function connectSubjects(node: number, manifest: Manifest | undefined, schemes: readonly SchemeTag[]): readonly number[] {
    if (manifest?.subject === undefined && schemes.length === 0) return none;
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

  const refers = new Uint8Array(versions.length);
  const nodes = versions.map((version, node): Draft => {
    const manifest = manifests[node];
    const schemes = schemesOf(version);
    if (schemes.length > 0) refers[node] = 1;
    const missingChildren = connectChildren(node, manifest?.children ?? none);
    const subjects = connectSubjects(node, manifest, schemes);
    return { version, manifest, role: "root", userTags: userTagsOf(version), subjects, missingChildren };
  });
  const obscure: number[] = [];
  // What is listed by something is known only now.
  nodes.forEach((draft, node) => {
    draft.role = roleOf(draft, refers[node] === 1, listed[node] === 1);
    const isVouchedFor = vouchedFor[node] === 1 && listedOtherwise[node] === 0;
    if (draft.manifest === undefined && (draft.version.tags.length > 0 || !isVouchedFor)) obscure.push(node);
  });
  return { inventory, nodes, byDigest, keeps, keptBy, unclassified: obscure };
}

const none: never[] = [];

function append<Item>(lists: Item[][], at: number, item: Item): void {
  const list = lists[at];
  if (list === undefined || list.length === 0) lists[at] = [item];
  else list.push(item);
}

type Draft = { -readonly [Key in keyof Node]: Node[Key] };

function roleOf({ manifest, userTags }: Node, refers: boolean, isListed: boolean): Role {
  if (manifest?.subject !== undefined) return "referrer";
  if (userTags.length > 0) return "root";
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
function isCuttable(digest: string): boolean {
  return digest.startsWith("sha512:");
}

function cut(digest: string): string {
  return digest.slice(0, "sha512:".length + 64);
}
