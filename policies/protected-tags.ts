import type { ResourceValidationPolicy } from "@pulumi/policy";
import { safetyContract } from "./framework";
import { exemptSchema, isExempt } from "./reading/exempt";
import { tellIdle } from "./reading/idle-note";
import { property } from "./reading/property";
import { isRetentionPolicy } from "./reading/retention-policy";
import { tagFits } from "./reading/tag-pattern";
import { printable } from "./reading/text";

interface Config {
  readonly tags: readonly string[];
  readonly exempt: readonly string[];
}

const defaults: Config = { tags: ["prod", "latest"], exempt: [] };

/** The properties of a keep rule that do not narrow it, besides `action`, `tags` and `untagged`. */
const notNarrowing = new Set(["name", "scope", "age"]);

/** Requires explicit protection of the tags that deployments pull. */
export const protectedTags: ResourceValidationPolicy = {
  name: "protected-tags",
  displayName: "Deployed tags are protected",
  description:
    "Each retention policy must protect the organisation's deployed tags, under `protect` or by a keep rule without other conditions.",
  enforcementLevel: "disabled",
  severity: "high",
  framework: safetyContract("S1"),
  tags: ["ghcr", "containers", "retention", "availability"],
  remediationSteps:
    "Name the tags under `protect`, in the retention policy or in the stack's `defaults`; or write a keep rule with these tags and no other condition.",
  configSchema: {
    properties: {
      tags: {
        type: "array",
        items: { type: "string", pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$" },
        default: [...defaults.tags],
        description: "The tags that must be protected.",
      },
      exempt: exemptSchema("Packages without them"),
    },
  },
  validateResource(args, reportViolation) {
    if (!isRetentionPolicy(args.type)) return args.notApplicable("Only retention policies are checked.");
    const { tags, exempt } = { ...defaults, ...args.getConfig<Partial<Config>>() };
    if (tags.length === 0) return tellIdle("protected-tags", "`tags`");
    if (isExempt(args, exempt)) return;
    const listed = asList(property(args, "protect"));
    const rules = asList(property(args, "rules"));
    for (const tag of tags) {
      if (listed.includes(tag) || rules.some((rule) => keepsEvery(rule, tag))) continue;
      reportViolation(
        `nothing protects the tag "${printable(tag)}".\n` +
          `Write \`protect: [${printable(tag)}]\`, or a keep rule with \`tags: [${printable(tag)}]\` and no other condition.`,
      );
    }
  },
};

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a rule keeps every image with the tag, whatever its other properties. */
function keepsEvery(rule: unknown, tag: string): boolean {
  if (typeof rule !== "object" || rule === null) return false;
  const { action, tags, untagged, ...rest } = rule as Readonly<Record<string, unknown>>;
  // `notTags` narrows as well: it applies to all tags of an image, of which this policy knows only one.
  if (action !== "keep" || Object.keys(rest).some((key) => !notNarrowing.has(key))) return false;
  return tags === undefined ? untagged === undefined : tagFits(tag, asList(tags));
}
