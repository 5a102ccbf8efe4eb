import type { ResourceValidationPolicy } from "@pulumi/policy";
import { safetyContract } from "./framework";
import { exemptSchema, isExempt } from "./reading/exempt";
import { property } from "./reading/property";
import { isRetentionPolicy } from "./reading/retention-policy";
import { printable } from "./reading/text";

interface Config {
  /** Packages whose plans may go without an approval: `owner/package`, `*` stands for anything. */
  readonly exempt: readonly string[];
}

/** Plans that delete wait for a person. */
export const approvalRequired: ResourceValidationPolicy = {
  name: "approval-required",
  displayName: "Plans wait for an approval",
  description: "A plan that deletes must be approved by its id; `approval: automatic` lets it go unseen.",
  enforcementLevel: "advisory",
  severity: "high",
  framework: safetyContract("S2"),
  tags: ["ghcr", "containers", "retention", "review"],
  remediationSteps:
    "Write `approval: required`, or leave `approval` out. A package whose images anybody can build again may be named under the policy's `exempt`.",
  configSchema: {
    properties: {
      exempt: exemptSchema("Packages whose plans may go without an approval"),
    },
  },
  validateResource(args, reportViolation) {
    if (!isRetentionPolicy(args.type)) return args.notApplicable("Only retention policies are judged.");
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
