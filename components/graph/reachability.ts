import type { Graph } from "./graph";

/** The edge by which a node was first reached. Starting points have no `from`. */
export interface Reached {
  readonly from: number | undefined;
  readonly as: string;
}

/** Returns all nodes that the starting points keep alive, including themselves, each with the edge by which it was first reached. Breadth first. */
export function reachableFrom(graph: Graph, starts: Iterable<number>): Map<number, Reached> {
  const reached = new Map<number, Reached>();
  const queue: number[] = [];
  for (const start of starts) {
    if (reached.has(start)) continue;
    reached.set(start, { from: undefined, as: "" });
    queue.push(start);
  }
  for (let next = 0; next < queue.length; next++) {
    const from = queue[next] as number;
    for (const edge of graph.keeps[from] ?? []) {
      if (reached.has(edge.to)) continue;
      reached.set(edge.to, { from, as: edge.as });
      queue.push(edge.to);
    }
  }
  return reached;
}

/** Like {@link reachableFrom} without the edges: holds 1 for each node that the starting points keep alive, including themselves. */
export function reachableMask(graph: Graph, starts: readonly number[]): Uint8Array {
  const alive = new Uint8Array(graph.nodes.length);
  const queue = new Int32Array(graph.nodes.length);
  let length = 0;
  function add(node: number): void {
    if (alive[node] !== 0) return;
    alive[node] = 1;
    queue[length++] = node;
  }
  for (const start of starts) add(start);
  for (let next = 0; next < length; next++) {
    for (const { to } of graph.keeps[queue[next] as number] ?? []) add(to);
  }
  return alive;
}

/** Returns the nodes that these keep alive through at least one edge. A starting point is among them only if another one, or a circle, keeps it. */
export function keptAliveBy(graph: Graph, starts: readonly number[]): number[] {
  const reached = new Set<number>();
  for (const start of starts) for (const { to } of graph.keeps[start] ?? []) reached.add(to);
  // The set grows during the walk.
  for (const node of reached) for (const { to } of graph.keeps[node] ?? []) reached.add(to);
  return [...reached];
}
