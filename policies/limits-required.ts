import type { ResourceValidationPolicy } from "@pulumi/policy";
import { safetyContract } from "./framework";
import { property } from "./reading/property";
import { isRetentionPolicy } from "./reading/retention-policy";
import { isFor, type StackSelector, stackSelectorProperties } from "./reading/stack";
import { printable } from "./reading/text";

interface Maxima {
  readonly deletions: number;
  readonly percent: number;
}

interface Config extends Maxima {
  readonly stacks: readonly (StackSelector & Partial<Maxima>)[];
}

/** The default limits of `RetentionPolicy`; here the maxima when nothing is configured. */
const defaults: Config = { deletions: 200, percent: 50, stacks: [] };

const maxima = {
  deletions: { type: "integer", minimum: 1, description: "Maximum of `limits.deletions`: versions per run." },
  percent: {
    type: "number",
    exclusiveMinimum: 0,
    maximum: 100,
    description: "Maximum of `limits.percent`: percentage of the package per plan.",
  },
} as const;

/** Limits the deletions per run and per plan. */
export const limitsRequired: ResourceValidationPolicy = {
  name: "limits-required",
  displayName: "Limits within the organisation's",
  description: "The limits of a retention policy must not be larger than the organisation's.",
  enforcementLevel: "disabled",
  severity: "medium",
  framework: safetyContract("S2"),
  tags: ["ghcr", "containers", "retention", "blast-radius"],
  remediationSteps:
    "Lower `limits.deletions` and `limits.percent` to the maxima of the policy; a large clean-up then takes several runs, or several reviewed plans.",
  configSchema: {
    properties: {
      deletions: { ...maxima.deletions, default: defaults.deletions },
      percent: { ...maxima.percent, default: defaults.percent },
      stacks: {
        type: "array",
        default: [],
        items: { type: "object", properties: { ...stackSelectorProperties, ...maxima }, additionalProperties: false },
        description: "Other maxima for some stacks; the first entry that matches the stack is used.",
      },
    },
  },
  validateResource(args, reportViolation) {
    if (!isRetentionPolicy(args.type)) return args.notApplicable("Only retention policies are checked.");
    const config = { ...defaults, ...args.getConfig<Partial<Config>>() };
    const allowed = { ...config, ...config.stacks.find((entry) => isFor(entry, args)) };
    const limits = property(args, "limits") ?? {};
    if (typeof limits !== "object") return reportViolation("`limits` is not understood; expected `{ deletions, percent }`.");
    for (const key of ["deletions", "percent"] as const) {
      const written: unknown = (limits as Partial<Record<typeof key, unknown>>)[key];
      const limit = written ?? defaults[key];
      if (typeof limit === "number" && limit <= allowed[key]) continue;
      const value = written === undefined ? `not set, so it is ${limit}` : printable(String(limit));
      reportViolation(
        `\`limits.${key}\` is ${value}; the maximum here is ${allowed[key]}.\nWrite \`limits: { ${key}: ${allowed[key]} }\`, or less.`,
      );
    }
  },
};
