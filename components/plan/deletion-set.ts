import type { Graph } from "../graph/graph";
import { reach } from "../graph/reachability";
import type { Version } from "../inventory/inventory";

/**
 * Versions that may be deleted together without taking anything from what stays. Only {@link DeletionSet.largestSafe}
 * makes one, so whoever holds one holds a verified set (S1, S3); the apply step accepts nothing else.
 */
export class DeletionSet {
  readonly #graph: Graph;
  readonly #members: ReadonlySet<number>;

  private constructor(graph: Graph, members: ReadonlySet<number>) {
    this.#graph = graph;
    this.#members = members;
  }

  /**
   * The largest part of `allowed` that nothing outside of that part needs. Whatever was not read stays: it may be
   * the subject or the parent of something (S3).
   */
  static largestSafe(graph: Graph, allowed: Iterable<number>): DeletionSet {
    const candidates = new Set<number>();
    for (const node of allowed) {
      if (graph.nodes[node]?.manifest !== undefined) candidates.add(node);
    }
    const all = [...graph.nodes.keys()];
    const retained = reach(
      graph,
      all.filter((node) => !candidates.has(node)),
    );
    return new DeletionSet(graph, new Set(all.filter((node) => candidates.has(node) && !retained.has(node))));
  }

  get size(): number {
    return this.#members.size;
  }

  get graph(): Graph {
    return this.#graph;
  }

  has(node: number): boolean {
    return this.#members.has(node);
  }

  nodes(): number[] {
    return [...this.#members];
  }

  digests(): string[] {
    return this.nodes().map((node) => this.#version(node).digest);
  }

  /** What stays of this set when these must stay as well, or only these may go. Sets shrink, they never grow (S4). */
  narrowedTo(digests: ReadonlySet<string>): DeletionSet {
    return DeletionSet.largestSafe(
      this.#graph,
      this.nodes().filter((node) => digests.has(this.#version(node).digest)),
    );
  }

  /** The versions, each before everything that it keeps alive: what refuses to go leaves a whole image. */
  inOrder(): Version[] {
    const waiting = new Map<number, number>();
    for (const node of this.#members) {
      waiting.set(node, (this.#graph.keptBy[node] ?? []).filter((keeper) => this.#members.has(keeper)).length);
    }
    const order: number[] = [];
    const ready = this.nodes().filter((node) => waiting.get(node) === 0);
    for (let next = 0; next < ready.length; next++) {
      const node = ready[next] as number;
      order.push(node);
      for (const { to } of this.#graph.keeps[node] ?? []) {
        const left = (waiting.get(to) ?? 0) - 1;
        if (!waiting.has(to)) continue;
        waiting.set(to, left);
        if (left === 0) ready.push(to);
      }
    }
    // Only tags can close a circle, and then any order is as good: all of it goes.
    const circular = this.nodes().filter((node) => (waiting.get(node) ?? 0) > 0);
    return [...order, ...circular].map((node) => this.#version(node));
  }

  #version(node: number): Version {
    return (this.#graph.nodes[node] as Graph["nodes"][number]).version;
  }
}
