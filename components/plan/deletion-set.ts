import { type Graph, indicesWhere } from "../graph/graph";
import { reachableMask } from "../graph/reachability";
import type { Version } from "../model/inventory";

/**
 * A set of versions that may be deleted together without breaking anything retained. Only {@link DeletionSet.largestSafe}
 * makes one, so a value of this type is a verified set (S1, S3); the apply step accepts nothing else.
 */
export class DeletionSet {
  readonly #graph: Graph;
  readonly #members: ReadonlySet<number>;

  private constructor(graph: Graph, members: ReadonlySet<number>) {
    this.#graph = graph;
    this.#members = members;
  }

  /**
   * Returns the largest part of `allowed` that nothing outside of that part needs. Unread versions stay; if anything may
   * depend on an unread version, everything stays (S3).
   */
  static largestSafe(graph: Graph, allowed: Iterable<number>): DeletionSet {
    if (graph.unclassified.length > 0) return new DeletionSet(graph, new Set());
    const isCandidate = new Uint8Array(graph.nodes.length);
    for (const node of allowed) {
      if (graph.nodes[node]?.manifest !== undefined) isCandidate[node] = 1;
    }
    const retained = reachableMask(
      graph,
      indicesWhere(graph, (_, node) => !isCandidate[node]),
    );
    // Versions that are no candidates are retained themselves.
    return new DeletionSet(graph, new Set(indicesWhere(graph, (_, node) => !retained[node])));
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

  /** Returns the part of this set that only these digests may belong to. Sets shrink, they never grow (S4). */
  narrowedTo(digests: ReadonlySet<string>): DeletionSet {
    return DeletionSet.largestSafe(
      this.#graph,
      this.nodes().filter((node) => digests.has(this.#version(node).digest)),
    );
  }

  /** Returns this set without the versions that are gone: nothing can need them any more. */
  without(gone: ReadonlySet<string>): DeletionSet {
    const left = this.nodes().filter((node) => !gone.has(this.#version(node).digest));
    return new DeletionSet(this.#graph, new Set(left));
  }

  /**
   * Returns the versions, each before everything that it keeps alive, so that a refused deletion leaves a complete image. The
   * oldest image comes first. Members that keep each other alive, as tags can cause, come in any order, before their parts.
   */
  inOrder(): Version[] {
    const seen = new Set<number>();
    const keptFirst = new Set<number>();
    const stack = this.nodes().reverse();
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      if (seen.has(node)) {
        keptFirst.add(node);
        stack.pop();
        continue;
      }
      seen.add(node);
      for (const { to } of this.#graph.keeps[node] ?? []) {
        if (this.#members.has(to) && !seen.has(to)) stack.push(to);
      }
    }
    return [...keptFirst].reverse().map((node) => this.#version(node));
  }

  #version(node: number): Version {
    return (this.#graph.nodes[node] as Graph["nodes"][number]).version;
  }
}
