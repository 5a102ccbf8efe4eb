import assert from "node:assert/strict";
import { buildGraph } from "../../../../components/graph/graph";
import { check } from "../../../../components/lifecycle/check";
import { decideAgain } from "../../../../components/lifecycle/state/decide-again";
import type { CheckedInputs } from "../../../../components/lifecycle/state/stored";
import type { PolicyInput } from "../../../../components/rules/policy";
import { numbered } from "../../../support/builders/decided";
import { image, packageOf } from "../../../support/builders/package";
import { dropUntagged } from "../../../support/builders/policy";

const servers = { githubApiUrl: "https://api.github.com", registryUrl: "https://ghcr.io", deletionsPerMinute: 60 };
const waiting = ["a", "b", "c"].map((name) => image(name, { days: 50 }));
const kept = image("kept", { tags: ["prod"] });

describe("deciding again with the inputs as record", () => {
  describe("when plans go by themselves, and somebody approved one over the limits", () => {
    const policy: PolicyInput = {
      owner: "logto-io",
      package: "logto",
      rules: [dropUntagged],
      approval: "automatic",
      limits: { deletions: 2, percent: 100 },
    };
    const checked = (olds: CheckedInputs | undefined, written: PolicyInput, inventory: ReturnType<typeof packageOf>) => {
      const { inputs } = check(olds, { ...written, ...servers, inventory });
      assert.ok(inputs);
      return JSON.parse(JSON.stringify(inputs)) as CheckedInputs;
    };

    it("finds the plan that waits under the id that the inputs hold, while the rest of an earlier one goes by itself", () => {
      const few = waiting.slice(0, 2);
      const first = checked(undefined, policy, packageOf(...numbered([kept, ...few])));
      assert.equal(Object.keys(first.plans).length, 1);
      const later = ["d", "e", "f"].map((name) => image(name, { days: 40 }));
      const inventory = packageOf(...numbered([kept, ...few, ...later]));
      const inputs = checked(first, policy, inventory);
      assert.ok(inputs.pending);
      const { decision } = decideAgain(inputs, { graph: buildGraph(inventory), policy });
      assert.equal(decision.pending?.id, inputs.pending.id);
    });

    it("finds the plan that waits under the id that is approved and not honoured, while it goes on with another", () => {
      const required: PolicyInput = { ...policy, approval: "required", limits: { percent: 100 } };
      const few = packageOf(...numbered([kept, ...waiting.slice(0, 2)]));
      const shown = checked(undefined, required, few);
      const under = { ...required, approve: shown.pending?.id };
      const recorded = checked(shown, under, few);
      const inventory = packageOf(...numbered([kept, ...waiting.slice(0, 2), ...["d", "e", "f"].map((name) => image(name, { days: 40 }))]));
      const next = checked(recorded, under, inventory).pending?.id;
      const approving: PolicyInput = { ...required, approve: next, limits: { percent: 30 } };
      const inputs = checked(recorded, approving, inventory);
      assert.equal(inputs.pending?.id, next);
      assert.equal(decideAgain(inputs, { graph: buildGraph(inventory), policy: approving }).decision.pending?.id, next);
    });

    it("finds the deletions of the inputs, and not those of the next run", () => {
      const first = checked(undefined, policy, packageOf(...numbered([kept, ...waiting])));
      const inventory = packageOf(...numbered([kept, ...waiting, image("later", { days: 40 })]));
      const approving = { ...policy, approve: first.pending?.id };
      const inputs = checked(first, approving, inventory);
      assert.deepEqual([Object.keys(inputs.deletions).length, Object.keys(inputs.pending?.deletions ?? {}).length], [3, 1]);
      const { decision } = decideAgain(inputs, { graph: buildGraph(inventory), policy: approving });
      assert.deepEqual(decision.going.digests().sort(), Object.keys(inputs.deletions).sort());
      assert.deepEqual(Object.keys(decision.pending?.deletions ?? {}), Object.keys(inputs.pending?.deletions ?? {}));
    });
  });
});
