import type { Graph } from "../../graph/graph";
import { parseSchemeTag } from "../../graph/tag-schemes";
import { tagTest } from "../../rules/tag-pattern";
import type { OldPatterns } from "../step/old-patterns";

const none: readonly number[] = [];

/** The children of an index that the package holds. */
export function listedBy({ nodes, byDigest }: Graph, node: number): readonly number[] {
  const children = nodes[node]?.manifest?.children ?? [];
  if (children.length === 0) return none;
  return children.flatMap(({ digest }) => byDigest.get(digest) ?? []);
}

/** The versions that refer to this one by a tag such as `sha256-<hex>`. */
export function referrersByTag(graph: Graph, node: number): readonly number[] {
  return indexOf(graph).get(graph.nodes[node]?.version.digest ?? "") ?? none;
}

const indexBySubject = new WeakMap<Graph, ReadonlyMap<string, readonly number[]>>();

function indexOf(graph: Graph): ReadonlyMap<string, readonly number[]> {
  const cached = indexBySubject.get(graph);
  if (cached) return cached;
  const found = new Map<string, number[]>();
  for (const [node, { version }] of graph.nodes.entries()) {
    for (const tag of version.tags) {
      const digest = parseSchemeTag(tag)?.subjectPrefix;
      if (digest !== undefined) found.set(digest, [...(found.get(digest) ?? []), node]);
    }
  }
  indexBySubject.set(graph, found);
  return found;
}

/** Whether one of its tags matches, or its digest is named. */
export function isSelected({ nodes }: Graph, node: number, { tags, digests }: OldPatterns): boolean {
  const version = nodes[node]?.version;
  if (version === undefined) return false;
  return digests.includes(version.digest) || (tags.length > 0 && version.tags.some(tagTest(tags)));
}

export function lastChanged({ nodes }: Graph, node: number): number {
  return nodes[node]?.version.updatedAt ?? 0;
}

export function created({ nodes }: Graph, node: number): number {
  return nodes[node]?.version.createdAt ?? 0;
}
