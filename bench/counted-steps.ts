import { buildGraph } from "../components/graph/graph";
import type { Inventory } from "../components/model/inventory";

/** Counts each look at an entry of the lists that it is given. */
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

  /** The inventory: each look at a version, and at a child that a manifest lists. */
  inventory(inventory: Inventory): Inventory {
    const manifests = [...inventory.manifests].map(([digest, one]) => [digest, { ...one, children: this.list(one.children) }] as const);
    return { ...inventory, versions: this.list(inventory.versions), manifests: new Map(manifests) };
  }

  /** The graph of an inventory: each look at a node, at what it keeps and at what keeps it. */
  graph(inventory: Inventory): ReturnType<typeof buildGraph> {
    const graph = buildGraph(inventory);
    const { nodes, keeps, keptBy } = graph;
    return { ...graph, nodes: this.list(nodes), keeps: this.list(keeps), keptBy: this.list(keptBy) };
  }
}
