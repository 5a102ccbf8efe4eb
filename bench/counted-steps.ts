import { buildGraph } from "../components/graph/graph";
import type { Inventory } from "../components/model/inventory";

/** Counts each read of an entry of the wrapped lists. */
export class StepCounter {
  steps = 0;

  list<List extends object>(list: List): List {
    return new Proxy(list, {
      get: (target, key, receiver) => {
        if (typeof key === "string" && /^\d+$/.test(key)) this.steps += 1;
        return Reflect.get(target, key, receiver);
      },
    });
  }

  /** Wraps an inventory to count each read of a version, and of a child that a manifest lists. */
  inventory(inventory: Inventory): Inventory {
    const manifests = [...inventory.manifests].map(([digest, one]) => [digest, { ...one, children: this.list(one.children) }] as const);
    return { ...inventory, versions: this.list(inventory.versions), manifests: new Map(manifests) };
  }

  /** Builds the graph of an inventory and wraps it to count each read of a node and of its edges. */
  graph(inventory: Inventory): ReturnType<typeof buildGraph> {
    const graph = buildGraph(inventory);
    const { nodes, keeps, keptBy } = graph;
    return { ...graph, nodes: this.list(nodes), keeps: this.list(keeps), keptBy: this.list(keptBy) };
  }
}
