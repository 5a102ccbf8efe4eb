import type { ResourceValidationPolicy } from "@pulumi/policy";
import { safetyContract } from "./framework";
import { packageLabel, property } from "./reading/property";
import { isRetentionPolicy } from "./reading/retention-policy";
import { indented, printable } from "./reading/text";

interface Config {
  /** Maps `owner/package` to the reviewed entries of `restore`. */
  readonly reviewed: Readonly<Record<string, readonly string[]>>;
}

/** Refuses restorations that were not reviewed: the images may have been deleted for a reason. */
export const noUnreviewedRestore: ResourceValidationPolicy = {
  name: "no-unreviewed-restore",
  displayName: "Only reviewed restorations",
  description:
    "Everything that a retention policy restores must be on the organisation's list: it may have been deleted because of a leak or a flaw.",
  enforcementLevel: "disabled",
  severity: "low",
  framework: safetyContract("S5"),
  tags: ["ghcr", "containers", "retention", "review"],
  remediationSteps:
    "Have the restoration reviewed by the owners of the policy's config, who add its entry to `reviewed` under the package. In an emergency, set the policy to `advisory` for the stack.",
  configSchema: {
    properties: {
      reviewed: {
        type: "object",
        additionalProperties: { type: "array", items: { type: "string", minLength: 1 } },
        default: {},
        description: "Maps `owner/package` to the entries that `restore` may have: digests, tags and plan ids.",
      },
    },
  },
  validateResource(args, reportViolation) {
    if (!isRetentionPolicy(args.type)) return args.notApplicable("Only retention policies are checked.");
    const restore = property(args, "restore") ?? [];
    const entries = Array.isArray(restore) ? restore.map(String) : [String(restore)];
    if (entries.length === 0) return;
    const label = packageLabel(args);
    const { reviewed = {} } = args.getConfig<Partial<Config>>();
    const listed = new Set(Object.hasOwn(reviewed, label) ? reviewed[label] : []);
    const unreviewed = entries.filter((entry) => !listed.has(entry));
    if (unreviewed.length === 0) return;
    reportViolation(
      `\`restore\` has entries that nobody has reviewed:\n${indented(unreviewed.map(printable))}\n` +
        `Once they are reviewed, add them to \`reviewed\` under "${printable(label)}" in the config of this policy.`,
    );
  },
};
