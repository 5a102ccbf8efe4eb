import type { Graph, Node } from "../graph/graph";
import type { Subject } from "../rules/evaluate";

/** When a version was last pushed or changed, as far as GitHub tells. */
export function lastChange({ version }: Pick<Node, "version">): number {
  return Math.max(version.createdAt, version.updatedAt);
}

/** What rules see of these nodes. */
export function subjectsOf(graph: Graph, places: readonly number[]): Subject[] {
  const platforms = new Map<number, readonly string[]>();
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
      platforms: platformsOf(graph, place, platforms),
      artifactType: manifest?.artifactType,
      annotations: manifest?.annotations,
    };
  });
}

const none: readonly string[] = [];
const deepest = 32;

/** The platforms that an index lists, nested ones included; each node is looked at once. */
function platformsOf(graph: Graph, place: number, known: Map<number, readonly string[]>, depth = 0): readonly string[] {
  const before = known.get(place);
  if (before !== undefined) return before;
  known.set(place, none);
  const children = graph.nodes[place]?.manifest?.children ?? [];
  if (children.length === 0 || depth === deepest) return none;
  const nested = children.filter(({ index }) => index).map(({ digest }) => graph.byDigest.get(digest) ?? -1);
  const found = new Set([
    ...children.flatMap(({ platform }) => (platform === undefined ? [] : [platform])),
    ...nested.flatMap((child) => platformsOf(graph, child, known, depth + 1)),
  ]);
  const platforms = [...found];
  known.set(place, platforms);
  return platforms;
}
