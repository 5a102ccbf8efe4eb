import type { ResourceValidationPolicy } from "@pulumi/policy";
import { safetyContract } from "./framework";
import { exemptSchema, isExempt } from "./reading/exempt";
import { property } from "./reading/property";
import { isRetentionPolicy } from "./reading/retention-policy";
import { printable } from "./reading/text";

interface Config {
  /** Packages whose plans need no approval: `owner/package`, `*` matches anything. */
  readonly exempt: readonly string[];
}

/** Requires the approval of a person for plans that delete. */
export const approvalRequired: ResourceValidationPolicy = {
  name: "approval-required",
  displayName: "Plans require an approval",
  description: "A plan that deletes must be approved by its id; with `approval: automatic` it runs without a review.",
  enforcementLevel: "advisory",
  severity: "high",
  framework: safetyContract("S2"),
  tags: ["ghcr", "containers", "retention", "review"],
  remediationSteps:
    "Write `approval: required`, or omit `approval`. A package whose images can easily be rebuilt may be named under the policy's `exempt`.",
  configSchema: {
    properties: {
      exempt: exemptSchema("Packages whose plans need no approval"),
    },
  },
  validateResource(args, reportViolation) {
    if (!isRetentionPolicy(args.type)) return args.notApplicable("Only retention policies are checked.");
    const approval = property(args, "approval");
    if (approval === undefined || approval === "required") return;
    const { exempt = [] } = args.getConfig<Partial<Config>>();
    if (approval === "automatic" && isExempt(args, exempt)) return;
    reportViolation(
      `\`approval: ${printable(String(approval))}\` lets plans delete that nobody has seen.\n` +
        "Write `approval: required`, or leave `approval` out: the preview prints the id to approve.",
    );
  },
};
