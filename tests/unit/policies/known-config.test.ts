import assert from "node:assert/strict";
import { policies } from "../../../policies/policies";
import { analyze } from "../../support/policies/analyze";
import { retentionPolicy, validInputs } from "../../support/policies/inputs";

describe("the config of the pack's policies", () => {
  for (const policy of policies) {
    it(`may have no unknown key: ${policy.name}`, async () => {
      assert.ok("validateResource" in policy && typeof policy.validateResource === "function");
      const validate = policy.validateResource;
      const misspelt = {
        ...policy,
        enforcementLevel: "mandatory" as const,
        validateResource: ((args, report) => validate({ ...args, getConfig: <T>() => ({ grase: "7d" }) as T }, report)) as typeof validate,
      };
      await assert.rejects(analyze([misspelt], retentionPolicy, validInputs()), (error: Error) => {
        return error.message.includes(`${policy.name}: unknown keys in the policy's config; expected \`enforcementLevel\``);
      });
    });
  }
});
