import assert from "node:assert/strict";
import fc from "fast-check";
import { untaggedChildrenAtRisk } from "../../../policies/no-untagged-children";
import { readRetentionPolicy } from "../../../policies/reading/retention-policy";
import { mutated } from "../../support/fuzz/mutations";
import { assertPrintable, assertPrototypesClean, patience, runs } from "../../support/fuzz/runs";

const [image, part] = [`sha256:${"ab".repeat(32)}`, `sha256:${"cd".repeat(32)}`];
const short = (digest: string) => digest.slice(0, "sha256:".length + 12);
const props = {
  owner: "logto-io",
  package: "logto",
  rules: [{ name: "drop-untagged", action: "delete", untagged: true, olderThan: "3d", scope: "versions" }],
  deletions: { [image]: "untagged" },
  pending: { id: "2026-11-23-7f3a9c21b4d0", deletions: { [part]: "x" }, tags: "" },
  evidence: {
    matched: [{ rule: "drop-untagged", digest: part, as: "linux/amd64", neededBy: ["prod"] }],
    keepers: { [short(image)]: short(part) },
  },
};

describe("the policy pack's reader of inputs, changed at random", function () {
  this.timeout(patience);

  it("never throws, says what it does not understand, and lets no rule over raw versions through", () => {
    fc.assert(
      fc.property(mutated(props), (inputs) => {
        const policy = readRetentionPolicy(inputs);
        const violations = untaggedChildrenAtRisk(policy);
        assertPrototypesClean();
        for (const violation of violations) assertPrintable(violation);
        const { rules } = (inputs ?? {}) as { rules?: unknown };
        const raw = (Array.isArray(rules) ? rules : []).some(
          (rule: { action?: unknown; scope?: unknown; untagged?: unknown } | null) =>
            rule?.action === "delete" && rule.scope === "versions" && rule.untagged === true,
        );
        if (raw) assert.ok(violations.length > 0);
        const missing = policy.planned === undefined || (policy.evidence === undefined && (inputs as typeof props).evidence !== undefined);
        if (missing) assert.ok(violations.length > 0, "what is not understood is a violation");
      }),
      runs(1_000),
    );
  });
});
