import { type Graph, isDangling, type Node } from "../graph/graph";
import { keptAliveBy } from "../graph/reachability";
import { schemesOf } from "../graph/tag-schemes";
import type { Manifest } from "../model/inventory";
import type { Judged, Subject } from "../rules/evaluate";
import { subjectElsewhere } from "./neighbours";

/** Returns when a version was last pushed or changed, as GitHub reports it, or was last seen with a tag that it has lost. */
export function lastChange({ version }: Pick<Node, "version">): number {
  return Math.max(version.createdAt, version.updatedAt, version.lastTagged?.at ?? 0);
}

/** Returns these nodes, which are in the graph's order, as rules judge them at a time in epoch milliseconds. */
export function judged(graph: Graph, indices: readonly number[], asOf: number): Judged {
  return { subjects: subjectsOf(graph, indices), keptAlive: keptAliveAmong(graph, indices), asOf };
}

function keptAliveAmong(graph: Graph, indices: readonly number[]): Judged["keptAlive"] {
  let places: ReadonlyMap<number, number> | undefined;
  return (starts) => {
    const found = keptAliveBy(
      graph,
      starts.map((start) => indices[start] as number),
    );
    if (found.length === 0) return none;
    places ??= new Map(indices.map((node, place) => [node, place]));
    const known = places;
    return new Set(found.flatMap((node) => known.get(node) ?? []));
  };
}

const none: ReadonlySet<number> = new Set();

/** Returns these nodes as rules see them. */
function subjectsOf(graph: Graph, indices: readonly number[]): Subject[] {
  return indices.map((index) => {
    const node = graph.nodes[index] as Node;
    const { version, userTags, role, manifest, missingChildren } = node;
    const dangling = isDangling(node);
    return {
      id: version.id,
      digest: version.digest,
      createdAt: version.createdAt,
      updatedAt: version.updatedAt,
      lastTagged: version.lastTagged,
      userTags,
      derivedTags: userTags.length === 0 && schemesOf(version).length === 0 ? version.tags : nothing,
      role,
      dangling,
      lostIn: dangling ? subjectElsewhere(graph, node).lostIn : nothing,
      broken: missingChildren.length > 0 || manifest?.gone === true,
      ghost: manifest?.gone === true || holdsNothing(graph, manifest),
      platforms: platformsOf(graph, index),
      artifactType: manifest?.artifactType,
      annotations: manifest?.annotations,
    };
  });
}

const nothing: readonly string[] = [];

/** Returns the platforms that an index lists, including nested indexes. */
function platformsOf(graph: Graph, place: number): readonly string[] {
  if (!graph.nodes[place]?.manifest?.index) return nothing;
  const platforms = new Set<string>();
  const indexes = new Set([place]);
  for (const index of indexes) {
    for (const child of graph.nodes[index]?.manifest?.children ?? []) {
      if (child.platform !== undefined) platforms.add(child.platform);
      const nested = graph.byDigest.get(child.digest);
      if (nested !== undefined) indexes.add(nested);
    }
  }
  return [...platforms];
}

/** Reports whether an index lists only manifests that the package does not hold. */
function holdsNothing({ byDigest, inventory }: Graph, manifest: Manifest | undefined): boolean {
  const listed = (manifest?.children ?? []).filter(({ other }) => !other);
  return listed.every(({ digest }) => !byDigest.has(digest) || inventory.manifests.get(digest)?.gone === true);
}
