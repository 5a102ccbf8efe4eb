import assert from "node:assert/strict";
import { exploreAll } from "../../../support/lifecycle/interleaving/explore-all";
import { mutants } from "../../../support/lifecycle/interleaving/mutants";

describe("a guard of the apply", function () {
  this.timeout(3_600_000);

  before(function () {
    if (!process.env.LONG) this.skip();
  });

  for (const [place, { guard, scenario }] of mutants.entries()) {
    it(`is needed: without it, some order loses something: ${guard}`, async () => {
      const [explored] = await exploreAll([{ mutant: place, scenario }]);
      assert.ok(explored?.failure, `${explored?.played} orders were played, and nothing was lost`);
    });
  }
});
