import type { ResourceValidationPolicy } from "@pulumi/policy";
import { safetyContract } from "./framework";
import { packageLabel, property } from "./reading/property";
import { isRetentionPolicy } from "./reading/retention-policy";
import { indented, printable } from "./reading/text";

interface Config {
  /** `owner/package` to what may be restored in it, each as it stands under `restore`. */
  readonly reviewed: Readonly<Record<string, readonly string[]>>;
}

/** What comes back was looked at first: it may have been deleted for a reason. */
export const noUnreviewedRestore: ResourceValidationPolicy = {
  name: "no-unreviewed-restore",
  displayName: "Only reviewed restorations",
  description: "What a retention policy restores must be on the organisation's list: it may have been deleted for a leak or a flaw.",
  enforcementLevel: "disabled",
  severity: "low",
  framework: safetyContract("S5"),
  tags: ["ghcr", "containers", "retention", "review"],
  remediationSteps:
    "Have the restoration reviewed by who owns the policy's config, who adds its entry to `reviewed` under the package. In an emergency, set the policy to `advisory` for the stack.",
  configSchema: {
    properties: {
      reviewed: {
        type: "object",
        additionalProperties: { type: "array", items: { type: "string", minLength: 1 } },
        default: {},
        description: "`owner/package` to what may be restored in it: digests, tags and plan ids as they stand under `restore`.",
      },
    },
  },
  validateResource(args, reportViolation) {
    if (!isRetentionPolicy(args.type)) return args.notApplicable("Only retention policies are judged.");
    const restore = property(args, "restore") ?? [];
    const entries = Array.isArray(restore) ? restore.map(String) : [String(restore)];
    if (entries.length === 0) return;
    const label = packageLabel(args);
    const { reviewed = {} } = args.getConfig<Partial<Config>>();
    const listed = new Set(Object.hasOwn(reviewed, label) ? reviewed[label] : []);
    const left = entries.filter((entry) => !listed.has(entry));
    if (left.length === 0) return;
    reportViolation(
      `\`restore\` brings back what nobody has reviewed:\n${indented(left.map(printable))}\n` +
        `Once it is reviewed, add it to \`reviewed\` under "${printable(label)}" in the config of this policy.`,
    );
  },
};
