import type { Graph, Node } from "../graph/graph";
import type { Subject } from "../rules/evaluate";

/** When a version was last pushed or changed, as far as GitHub tells. */
export function lastChange({ version }: Pick<Node, "version">): number {
  return Math.max(version.createdAt, version.updatedAt);
}

/** What rules see of these nodes. */
export function subjectsOf(graph: Graph, places: readonly number[]): Subject[] {
  return places.map((place) => {
    const { version, userTags, role, manifest, missingChildren, subjects } = graph.nodes[place] as Node;
    return {
      id: version.id,
      digest: version.digest,
      createdAt: version.createdAt,
      updatedAt: version.updatedAt,
      userTags,
      role,
      dangling: role === "referrer" && subjects.length === 0,
      broken: missingChildren.length > 0 || manifest?.gone === true,
      platforms: platformsOf(graph, place),
      artifactType: manifest?.artifactType,
      annotations: manifest?.annotations,
    };
  });
}

/** The platforms that an index lists, nested ones included. */
function platformsOf(graph: Graph, place: number): readonly string[] {
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
