import assert from "node:assert/strict";
import { inventoryOf } from "../../bench/inventory-of";
import { packageOfAYear, rules } from "../../bench/world";
import { buildGraph, type Graph } from "../../components/graph/graph";
import { type Decision, decide } from "../../components/plan/decision";
import { evidenceOf } from "../../components/plan/evidence";
import { explain } from "../../components/plan/explain";
import { computePlan } from "../../components/plan/plan";
import { previewReport } from "../../components/plan/report";
import type { Policy } from "../../components/rules/policy";
import { today } from "../builders/package";
import { policyOf } from "../builders/policy";

const smallest = 500;
const largest = 4_000;
const policy = policyOf(rules, { limits: { deletions: 1_000_000 } });
const nothing = { deletions: {}, plans: {} };

/** The graph of such a package, which counts each look at a node, at what it keeps and at what keeps it. */
function countedGraph(versions: number): { graph: Graph; count: () => number } {
  let steps = 0;
  function counted<List extends object>(list: List): List {
    return new Proxy(list, {
      get(target, key, receiver) {
        if (typeof key === "string" && /^\d+$/.test(key)) steps += 1;
        return Reflect.get(target, key, receiver);
      },
    });
  }
  const graph = buildGraph(inventoryOf(packageOfAYear("app", versions)));
  const { nodes, keeps, keptBy } = graph;
  return { graph: { ...graph, nodes: counted(nodes), keeps: counted(keeps), keptBy: counted(keptBy) }, count: () => steps };
}

/** The power of the size with which the steps grow: 1 is linear, 2 quadratic. */
function growthOf(work: (graph: Graph) => void): number {
  const stepsFor = (versions: number) => {
    const { graph, count } = countedGraph(versions);
    work(graph);
    return count();
  };
  return Math.log(stepsFor(largest) / stepsFor(smallest)) / Math.log(largest / smallest);
}

function approved(graph: Graph, of: Policy): Decision {
  const waiting = decide(graph, of, nothing);
  return decide(graph, { ...of, approve: waiting.pending?.id }, waiting);
}

describe("the steps that it takes, over the versions of a package", () => {
  const raw = policyOf([{ name: "raw", action: "delete", untagged: true, olderThan: "3d", scope: "versions" }]);
  const graced = policyOf(rules, { grace: "7d" });
  const young = policyOf(rules, { minimumAge: "5000d" });
  const works: Record<string, (graph: Graph) => void> = {
    "a plan": (graph) => computePlan(graph, policy, { asOf: today }),
    "a plan in which all is young": (graph) => computePlan(graph, young, { asOf: today }),
    "a plan that withholds most of what its rules match": (graph) => computePlan(graph, raw, { asOf: today }),
    "a decision with an approval": (graph) => approved(graph, policy),
    "a decision with grace": (graph) => decide(graph, graced, nothing),
    "the order of the deletions": (graph) => approved(graph, policy).going.inOrder(),
    "what a preview says": (graph) => {
      const decision = decide(graph, policy, nothing);
      previewReport(decision, policy, { approveWith: (id) => id, refused: {}, notices: [] } as Parameters<typeof previewReport>[2]);
    },
    "what the policy pack is told": (graph) => evidenceOf(decide(graph, raw, nothing)),
    "an explanation": (graph) => explain(graph, policy, today, "main-1"),
  };
  for (const [what, work] of Object.entries(works)) {
    it(`grow with their number: ${what}`, () => {
      const growth = growthOf(work);
      assert.ok(growth > 0.5 && growth <= 1.05, `grows with the power ${growth.toFixed(2)}`);
    });
  }

  it("would be seen to grow faster", () => {
    const quadratic = (graph: Graph) => {
      for (const node of graph.nodes) graph.nodes.find((other) => other === node);
    };
    assert.ok(growthOf(quadratic) > 1.5);
  });
});
