import { type Graph, indicesWhere, type Node } from "../graph/graph";
import { reachableFrom } from "../graph/reachability";
import { count, firstOf } from "../messages/plurals";
import { nameOf } from "../plan/node-names";

/** An image that stays after an old step, and the parts that it would lack. */
export interface Loss {
  readonly image: string;
  readonly lost: readonly string[];
}

/** Returns the images that would stay incomplete, tagged ones first. Pure. */
export function lossesOf(graph: Graph, deleted: ReadonlySet<number>): Loss[] {
  const roots = indicesWhere(graph, ({ role }, index) => role === "root" && !deleted.has(index));
  const found = roots.map((root) => ({ root, lost: lostBy(graph, root, deleted) })).filter(({ lost }) => lost.length > 0);
  const isTagged = (node: number) => (graph.nodes[node]?.userTags.length ?? 0) > 0;
  return found
    .sort((a, b) => Number(isTagged(b.root)) - Number(isTagged(a.root)) || a.root - b.root)
    .map(({ root, lost }) => ({ image: nameOf(graph.nodes[root] as Node), lost }));
}

function lostBy(graph: Graph, root: number, deleted: ReadonlySet<number>): string[] {
  return [...reachableFrom(graph, [root])].filter(([node]) => deleted.has(node)).map(([, { as }]) => as);
}

const maxListed = 8;
const maxParts = 4;

/** Describes the losses to people: one sentence, and a line for each of the first images. */
export function describeLosses(graph: Graph, deleted: ReadonlySet<number>): string[] {
  const losses = lossesOf(graph, deleted);
  const total = `${deleted.size} of ${count(graph.nodes.length, "version")}`;
  const gone = [...deleted].flatMap((node) => (graph.nodes[node]?.userTags.length ? [nameOf(graph.nodes[node] as Node)] : [])).sort();
  const whole = gone.length === 0 ? [] : [`  images that would go with their tags: ${firstOf(gone, maxListed)}`];
  if (losses.length === 0)
    return [`Run today, the old workflow would delete ${total}, and take nothing from an image that stays.`, ...whole];
  const images = losses.length === 1 ? "1 image that stays" : `${losses.length} images that stay`;
  return [
    `Run today, the old workflow would delete ${total} and BREAK ${images}:`,
    ...losses.slice(0, maxListed).map(({ image, lost }) => `  ${image} would lack ${firstOf(lost, maxParts)}`),
    ...(losses.length > maxListed ? [`  and ${losses.length - maxListed} more`] : []),
    ...whole,
  ];
}
