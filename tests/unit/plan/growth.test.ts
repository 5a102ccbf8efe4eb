import assert from "node:assert/strict";
import { StepCounter } from "../../../bench/counted-steps";
import { inventoryOf } from "../../../bench/inventory-of";
import { packageOfAYear, rules } from "../../../bench/world";
import { type Decision, decide } from "../../../components/approval/decide";
import { evidenceOf } from "../../../components/approval/evidence";
import { explain } from "../../../components/approval/explain";
import type { Graph } from "../../../components/graph/graph";
import { computePlan } from "../../../components/plan/plan";
import { freedByPlans } from "../../../components/report/freed-storage";
import { previewReport } from "../../../components/report/preview-report";
import type { Policy } from "../../../components/rules/policy";
import { today } from "../../support/builders/package";
import { policyOf } from "../../support/builders/policy";

const smallest = 500;
const largest = 4_000;
const policy = policyOf(rules, { limits: { deletions: 1_000_000 } });
const nothing = { deletions: {}, plans: {} };

/** The power of the size with which the steps grow: 1 is linear, 2 quadratic. */
function growth(from: number, to: number, stepsFor: (versions: number) => number): number {
  return Math.log(stepsFor(to) / stepsFor(from)) / Math.log(to / from);
}

function growthOf(work: (graph: Graph) => void): number {
  return growth(smallest, largest, (versions) => {
    const counter = new StepCounter();
    work(counter.graph(inventoryOf(packageOfAYear("app", versions))));
    return counter.steps;
  });
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
      previewReport(decision, policy, {
        approveWith: (id) => id,
        refused: {},
        ledger: {},
        frees: freedByPlans({}, decision),
        notices: [],
      } as Parameters<typeof previewReport>[2]);
    },
    "what the policy pack is told": (graph) => evidenceOf(decide(graph, raw, nothing)),
    "an explanation": (graph) => explain(decide(graph, policy, nothing), policy, { refused: {}, ledger: [], notices: [] }, "main-1"),
  };
  for (const [what, work] of Object.entries(works)) {
    it(`grow with their number: ${what}`, () => {
      const power = growthOf(work);
      assert.ok(power > 0.5 && power <= 1.05, `grows with the power ${power.toFixed(2)}`);
    });
  }

  it("grow with their number from 1,000 to 100,000 versions, from the inventory to the plan", () => {
    const power = growth(1_000, 100_000, (versions) => {
      const counter = new StepCounter();
      computePlan(counter.graph(counter.inventory(inventoryOf(packageOfAYear("app", versions)))), policy, { asOf: today });
      return counter.steps;
    });
    assert.ok(power > 0.9 && power <= 1.1, `grows with the power ${power.toFixed(2)}`);
  }).timeout(30_000);

  it("would be seen to grow faster", () => {
    const quadratic = (graph: Graph) => {
      for (const node of graph.nodes) graph.nodes.find((other) => other === node);
    };
    assert.ok(growthOf(quadratic) > 1.5);
  });
});
