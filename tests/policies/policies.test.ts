import assert from "node:assert/strict";
import { policies } from "../../policies/policies";

describe("the pack", () => {
  it("names each policy once", () => {
    const names = policies.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
    for (const name of names) assert.match(name, /^[a-z][a-z-]*$/);
  });

  for (const policy of policies) {
    it(`says what ${policy.name} is for and what to do about it`, () => {
      assert.ok(policy.description && policy.displayName && policy.severity && policy.tags && policy.remediationSteps);
      assert.equal(policy.enforcementLevel, "mandatory");
    });
  }
});
