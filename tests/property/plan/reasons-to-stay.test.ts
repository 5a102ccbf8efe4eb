import assert from "node:assert/strict";
import fc from "fast-check";
import { reasonsToStay, reasonToStay } from "../../../components/plan/withheld";
import { patience, randomCase, runs } from "../../support/builders/random-case";

describe("the reasons to stay of all versions, of random packages", function () {
  this.timeout(patience);

  it("are of the kinds that each version has by itself", () => {
    fc.assert(
      fc.property(randomCase, ({ plan, graph }) => {
        const together = reasonsToStay(plan);
        const withheld = new Map(plan.withheld.map(({ node, because }) => [node, because]));
        for (const node of graph.nodes.keys()) {
          if (!plan.deletions.has(node)) assert.equal(together(node).kind, (withheld.get(node) ?? reasonToStay(plan, node)).kind);
        }
      }),
      runs,
    );
  });
});
