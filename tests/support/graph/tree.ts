import type { Edge, Node } from "../../../components/graph/graph";
import type { World } from "./world";

/**
 * A package as text, each version under what keeps it alive:
 *
 *     prod: root, stays
 *       linux/amd64: child, stays
 *     pr-1: root, goes
 *
 * What several keep is numbered, `linux/amd64 #1`, and what hangs under it is written out once.
 */
export function treeOf(world: World): string[] {
  const { nodes, keeps, keptBy } = world.graph;
  const numbers = new Map<number, number>();
  const written = new Set<number>();

  function lines(place: number, as: string, depth: number): string[] {
    const node = nodes[place] as Node;
    const isShared = (keptBy[place] ?? []).length + (isTop(world, place) ? 1 : 0) > 1;
    if (isShared && !numbers.has(place)) numbers.set(place, numbers.size + 1);
    const number = isShared ? ` #${numbers.get(place)}` : "";
    const name = [as, nameOf(node)].filter(Boolean).join(" ") || "untagged";
    const line = `${"  ".repeat(depth)}${name}${number}: ${node.role}, ${fateOf(world, place)}`;
    if (written.has(place)) return [line];
    written.add(place);
    return [line, ...inOrder(world, keeps[place] ?? []).flatMap((edge) => lines(edge.to, edge.as, depth + 1))];
  }

  return topsOf(world).flatMap((place) => lines(place, "", 0));
}

export function topsOf(world: World): number[] {
  const tops = [...world.graph.nodes.keys()].filter((place) => isTop(world, place));
  return tops.sort((a, b) => compare(sortKey(world, a), sortKey(world, b)));
}

/** Nothing keeps it, or people know it by a tag. */
export function isTop({ graph }: World, place: number): boolean {
  return (graph.keptBy[place] ?? []).length === 0 || (graph.nodes[place] as Node).userTags.length > 0;
}

export function fateOf({ plan }: World, place: number): "stays" | "goes" {
  return plan.deletions.has(place) ? "goes" : "stays";
}

/** The tags, shortened where they hold a digest. */
export function nameOf({ version }: Node): string {
  return version.tags.map((tag) => tag.replace(/-[0-9a-f]{64}/, "-…")).join(" ");
}

export function inOrder(world: World, edges: readonly Edge[]): Edge[] {
  return [...edges].sort((a, b) => compare(`${a.as} ${sortKey(world, a.to)}`, `${b.as} ${sortKey(world, b.to)}`));
}

/** Stable from run to run, as digests are not: what a version is called, what hangs under it, and who else keeps it. */
function sortKey(world: World, place: number, depth = 0): string {
  const { nodes, keeps, keptBy } = world.graph;
  const below = depth > 3 ? [] : (keeps[place] ?? []).map(({ to, as }) => `${as} ${sortKey(world, to, depth + 1)}`);
  const above = (keptBy[place] ?? []).map((keeper) => callOf(world, keeper));
  return `${(nodes[place] as Node).userTags.length > 0 ? 0 : 1} ${callOf(world, place)} ${below.sort().join()} ${above.sort().join()}`;
}

function callOf(world: World, place: number): string {
  const node = world.graph.nodes[place] as Node;
  return `${nameOf(node)} ${node.role} ${fateOf(world, place)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
