import type { Graph } from "../graph/graph";
import { reachableFrom } from "../graph/reachability";

/** Versions that stay for one reason. */
export interface Refused {
  /** GitHub's answer, or why a run put them back. */
  readonly answer: string;
  readonly digests: readonly string[];
  /** How many versions stay along, since these need them. */
  readonly parts: number;
}

/** Groups the versions that a run could not delete by answer. What a refused version needs stays with it, and is counted there. */
export function groupRefused(graph: Graph, refused: Iterable<readonly [digest: string, answer: string]>): Refused[] {
  const answers = new Map(refused);
  const nodes = new Set([...answers.keys()].flatMap((digest) => graph.byDigest.get(digest) ?? []));
  const images = [...nodes].filter((node) => !(graph.keptBy[node] ?? []).some((keeper) => nodes.has(keeper)));
  const paths = reachableFrom(graph, images);
  const imageOf = (digest: string): string => {
    let node = graph.byDigest.get(digest) ?? -1;
    for (let up = paths.get(node)?.from; up !== undefined; up = paths.get(node)?.from) node = up;
    return graph.nodes[node]?.version.digest ?? digest;
  };
  const groups = new Map<string, { digests: string[]; parts: number }>();
  for (const digest of answers.keys()) {
    const image = imageOf(digest);
    const answer = answers.get(image) ?? "";
    const group = groups.get(answer) ?? { digests: [], parts: 0 };
    groups.set(answer, group);
    if (image === digest) group.digests.push(digest);
    else group.parts++;
  }
  return [...groups].map(([answer, group]) => ({ answer, ...group }));
}
