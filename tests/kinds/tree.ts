import type { Edge, Node } from "../../components/graph/graph";
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
    const line = `${"  ".repeat(depth)}${[as, nameOf(node)].filter(Boolean).join(" ")}${number}: ${node.role}, ${fateOf(world, place)}`;
    if (written.has(place)) return [line];
    written.add(place);
    return [line, ...inOrder(world, keeps[place] ?? []).flatMap((edge) => lines(edge.to, edge.as, depth + 1))];
  }

  const tops = [...nodes.keys()].filter((place) => isTop(world, place));
  return tops.sort((a, b) => compare(sortKey(world, a), sortKey(world, b))).flatMap((place) => lines(place, "", 0));
}

/** Nothing keeps it, or people know it by a tag. */
export function isTop({ graph }: World, place: number): boolean {
  return (graph.keptBy[place] ?? []).length === 0 || (graph.nodes[place] as Node).userTags.length > 0;
}

export function fateOf({ plan }: World, place: number): "stays" | "goes" {
  return plan.deletions.has(place) ? "goes" : "stays";
}

/** The tags, shortened where they hold a digest. */
export function nameOf({ version, subjects, userTags }: Node): string {
  if (userTags.length > 0) return userTags.join(" ");
  if (version.tags.length > 0) return version.tags.map((tag) => tag.replace(/-[0-9a-f]{64}/, "-…")).join(" ");
  return subjects.length === 0 ? "" : "";
}

export function inOrder(world: World, edges: readonly Edge[]): Edge[] {
  return [...edges].sort((a, b) => compare(`${a.as} ${sortKey(world, a.to)}`, `${b.as} ${sortKey(world, b.to)}`));
}

/** Stable from run to run, as digests are not: what a version is called, and what hangs under it. */
function sortKey(world: World, place: number, depth = 0): string {
  const node = world.graph.nodes[place] as Node;
  const below = depth > 3 ? [] : (world.graph.keeps[place] ?? []).map(({ to, as }) => `${as} ${sortKey(world, to, depth + 1)}`).sort();
  return `${node.userTags.length > 0 ? 0 : 1} ${nameOf(node)} ${node.role} ${below.join()}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
