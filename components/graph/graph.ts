import { kindNameOf } from "../model/artifact-kinds";
import type { Child, Inventory, Manifest, Reference, Version } from "../model/inventory";
import { cut, isCuttable, type SchemeTag, schemesOf, userTagsOf } from "./tag-schemes";

/** An edge from a node to one that it keeps alive. `as` describes the role of `to` for people: `linux/arm64`, `signature`. */
export interface Edge {
  readonly to: number;
  readonly as: string;
  /** `to` refers to the node, by its subject or by a tag; edges to what a node lists or names lack this. */
  readonly bySubject?: true;
}

/**
 * - `root`: an image that is used by itself: tagged, or untagged and needed by no other version.
 * - `child`: no person tagged it, and an index lists it, or a layer of another version names it.
 * - `referrer`: has a subject, or only tags of a scheme such as `sha256-<hex>`; it stays and goes with its subject.
 */
export type Role = "root" | "child" | "referrer";

export interface Node {
  readonly version: Version;
  /** Absent if the manifest was not read; then nothing may be concluded about its references. */
  readonly manifest: Manifest | undefined;
  readonly role: Role;
  /** The tags that people set, without those that tools derive from a digest. */
  readonly userTags: readonly string[];
  /** The nodes that this node refers to, so far as they are in the package. It stays if one of them stays. */
  readonly subjects: readonly number[];
  /** Children that the index lists and that are missing from the package or unreadable. */
  readonly missingChildren: readonly string[];
}

/** The graph of which versions keep which alive. Nodes are ordered newest first (by creation, then id). */
export interface Graph {
  readonly inventory: Inventory;
  readonly nodes: readonly Node[];
  readonly byDigest: ReadonlyMap<string, number>;
  /** For each node, the edges to the nodes that it keeps alive. */
  readonly keeps: readonly (readonly Edge[])[];
  /** For each node, the nodes that keep it alive. */
  readonly keptBy: readonly (readonly number[])[];
  /** Nodes that were not read and that no index lists as plain image manifests: they may refer to anything. */
  readonly unclassified: readonly number[];
}

/** Returns the indices of the nodes that meet a test, in the graph's order. */
export function indicesWhere({ nodes }: Graph, test: (node: Node, index: number) => boolean): number[] {
  const indices: number[] = [];
  for (let index = 0; index < nodes.length; index++) {
    if (test(nodes[index] as Node, index)) indices.push(index);
  }
  return indices;
}

/** Reports whether a version refers to nothing that the package holds: its subject may be in another one. */
export function isDangling({ role, subjects }: Pick<Node, "role" | "subjects">): boolean {
  return role === "referrer" && subjects.length === 0;
}

/** Builds the graph of an inventory. Pure; apart from sorting, linear in versions and references. */
export function buildGraph(inventory: Inventory): Graph {
  const versions = [...inventory.versions].sort(newestFirst);
  const manifests = versions.map(({ digest }) => inventory.manifests.get(digest));
  const byDigest = new Map<string, number>();
  const byCutDigest = new Map<string, number>();
  versions.forEach(({ digest }, node) => {
    byDigest.set(digest, node);
    if (isCuttable(digest)) byCutDigest.set(cut(digest), node);
  });
  // Most versions are leaves, so empty lists are shared.
  const keeps: Edge[][] = versions.map(() => none);
  const keptBy: number[][] = versions.map(() => none);
  const listed = new Uint8Array(versions.length);
  const vouchedFor = new Uint8Array(versions.length);
  const listedOtherwise = new Uint8Array(versions.length);

  function connect(from: number, edge: Edge): void {
    append(keeps, from, edge);
    append(keptBy, edge.to, from);
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
        connect(from, { to, as: child.label });
      }
    }
    return missing;
  }

  function connectReferences(from: number, references: readonly Reference[]): void {
    const found = new Map<number, string>();
    for (const { to: target, label } of references) {
      const to = "tag" in target ? findTag(target.tag) : byDigest.get(target.digest);
      if (to !== undefined && to !== from && !found.has(to)) found.set(to, label);
    }
    for (const [to, label] of found) {
      listed[to] = 1;
      listedOtherwise[to] = 1;
      connect(from, { to, as: label });
    }
  }

  let byTag: ReadonlyMap<string, number> | undefined;
  function findTag(tag: string): number | undefined {
    byTag ??= new Map(versions.flatMap(({ tags }, node) => tags.map((one) => [one, node] as const)));
    return byTag.get(tag);
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
    for (const [target, as] of subjects) connect(target, { to: node, as, bySubject: true });
    return [...subjects.keys()];
  }

  const refers = new Uint8Array(versions.length);
  const nodes = versions.map((version, node): Draft => {
    const manifest = manifests[node];
    const schemes = schemesOf(version);
    if (schemes.length > 0) refers[node] = 1;
    const missingChildren = connectChildren(node, manifest?.children ?? none);
    if (manifest?.references !== undefined) connectReferences(node, manifest.references);
    const subjects = connectSubjects(node, manifest, schemes);
    return { version, manifest, role: "root", userTags: userTagsOf(version), subjects, missingChildren };
  });
  const unclassified: number[] = [];
  // Roles depend on which versions are listed, which is known only after all manifests are connected.
  nodes.forEach((draft, node) => {
    draft.role = roleOf(draft, refers[node] === 1, listed[node] === 1);
    const isVouchedFor = vouchedFor[node] === 1 && listedOtherwise[node] === 0;
    if (draft.manifest === undefined && (draft.version.tags.length > 0 || !isVouchedFor)) unclassified.push(node);
  });
  return { inventory, nodes, byDigest, keeps, keptBy, unclassified };
}

/** Returns the graph in which the subjects of these nodes do not keep them alive, whatever else does. */
export function withoutSubjectEdges(graph: Graph, referrers: readonly number[]): Graph {
  if (referrers.length === 0) return graph;
  const [keeps, keptBy] = [[...graph.keeps], [...graph.keptBy]];
  for (const referrer of referrers) {
    for (const subject of graph.nodes[referrer]?.subjects ?? []) {
      const left = (keeps[subject] ?? none).filter(({ to, bySubject }) => to !== referrer || !bySubject);
      keeps[subject] = left;
      if (left.some(({ to }) => to === referrer)) continue;
      keptBy[referrer] = (keptBy[referrer] ?? none).filter((keeper) => keeper !== subject);
    }
  }
  return { ...graph, keeps, keptBy };
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
  const type = manifest?.artifactType;
  return kindNameOf(type) ?? (type === undefined ? "referrer" : `referrer (${type})`);
}

function newestFirst(a: Version, b: Version): number {
  return b.createdAt - a.createdAt || b.id - a.id;
}
