import assert from "node:assert/strict";
import fc from "fast-check";
import { explanationText } from "../../../components/messages/explanation";
import { explain } from "../../../components/plan/explain";
import { today } from "../../support/builders/package";
import { patience, randomCase, runs } from "../../support/builders/random-case";
import { isKept, isSelected, matches } from "../../support/oracle/rule-oracle";

describe("any explanation", function () {
  this.timeout(patience);

  it("says what the plan does, and names exactly the rules that match", () => {
    const property = fc.property(randomCase, fc.nat({ max: 1000 }), (one, place) => {
      const { world, policy, graph, deleted } = one;
      const version = world.versions[place % world.versions.length];
      assert.ok(version);
      const said = explain(graph, policy, today, version.digest);
      assert.ok(said);
      assert.equal(said.outcome.verdict, deleted.includes(version.digest) ? "goes" : "stays");
      assert.notEqual(explanationText(said, graph).because, "");
      const matching = policy.rules.filter((rule) => matches(world, rule, version)).map(({ name }) => name);
      assert.deepEqual(said.rules.map(({ rule }) => rule).sort(), matching.sort());
      const holding = said.rules.filter(({ holds }) => holds);
      assert.equal(
        holding.some(({ action }) => action === "keep"),
        isKept(world, version),
      );
      assert.equal(holding.length > 0 && !holding.some(({ action }) => action === "keep"), isSelected(world, version));
      assert.equal(
        said.neededBy.length > 0,
        world.versions.some((keeper) => world.keeps(keeper, version)),
      );
      assert.equal(
        said.needs.length > 0,
        world.versions.some((kept) => world.keeps(version, kept)),
      );
    });
    fc.assert(property, runs);
  });
});
