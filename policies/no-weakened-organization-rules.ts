import { isDeepStrictEqual } from "node:util";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { safetyContract } from "./framework";
import { exemptSchema, isExempt } from "./reading/exempt";
import { tellIdle } from "./reading/idle-note";
import { property } from "./reading/property";
import { isRetentionPolicy } from "./reading/retention-policy";
import { indented, printable, shortened } from "./reading/text";

type Rule = Readonly<Record<string, unknown>>;

interface Config {
  readonly rules: readonly Rule[];
  readonly exempt: readonly string[];
}

/** Requires the organisation's keep rules in every policy. */
export const noWeakenedOrganizationRules: ResourceValidationPolicy = {
  name: "no-weakened-organization-rules",
  displayName: "The organisation's keep rules are unchanged",
  description:
    "Each retention policy must have the organisation's keep rules, by name and unchanged. Keep beats delete, so nothing can weaken them.",
  enforcementLevel: "mandatory",
  severity: "high",
  framework: safetyContract("S2"),
  tags: ["ghcr", "containers", "retention", "governance"],
  remediationSteps:
    "Copy the organisation's rules from the policy's config into a rule set of the stack's config, and name the rule set under `use`. Give other rules other names.",
  configSchema: {
    properties: {
      rules: {
        type: "array",
        default: [],
        items: {
          type: "object",
          properties: { name: { type: "string", minLength: 1 }, action: { const: "keep" } },
          required: ["name", "action"],
        },
        description: "The keep rules that each retention policy must have, in the same form.",
      },
      exempt: exemptSchema("Packages without them"),
    },
  },
  validateResource(args, reportViolation) {
    if (!isRetentionPolicy(args.type)) return args.notApplicable("Only retention policies are checked.");
    const { rules: required = [], exempt = [] } = args.getConfig<Partial<Config>>();
    if (required.length === 0) return tellIdle("no-weakened-organization-rules", "the organisation's `rules`");
    if (isExempt(args, exempt)) return;
    const written = property(args, "rules");
    const rules = (Array.isArray(written) ? written : []).filter((rule): rule is Rule => typeof rule === "object" && rule !== null);
    for (const wanted of required) {
      const named = rules.filter(({ name }) => name === wanted.name);
      if (named.some((rule) => isDeepStrictEqual(rule, wanted))) continue;
      const name = printable(String(wanted.name));
      reportViolation(
        named.length === 0
          ? `the organisation's rule "${name}" is missing.\nAdd it as it is:\n${indented([asText(wanted)])}`
          : `the organisation's rule "${name}" was changed: ${changedKeys(named[0] ?? {}, wanted).join(", ")}.\nWrite it as it is:\n${indented([asText(wanted)])}`,
      );
    }
  },
};

/** Prints the organisation's own rule; the stack's rule is never printed. */
function asText(rule: Rule): string {
  return shortened(JSON.stringify(rule), 400);
}

function changedKeys(rule: Rule, wanted: Rule): string[] {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(rule)])];
  return keys.filter((key) => !isDeepStrictEqual(rule[key], wanted[key])).map((key) => `\`${printable(key)}\``);
}
