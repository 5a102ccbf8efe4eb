import type { ResourceValidationPolicy } from "@pulumi/policy";
import { safetyContract } from "./framework";
import { minutes } from "./reading/duration";
import { property } from "./reading/property";
import { isRetentionPolicy } from "./reading/retention-policy";
import { printable } from "./reading/text";

interface Config {
  readonly grace: string;
  readonly minimumAge: string;
}

/** The minimum age is the default of `RetentionPolicy`. */
const defaults: Config = { grace: "7d", minimumAge: "1d" };
const durationForm = "^(?:[1-9][0-9]{0,4}[mhdw]|P[0-9DTHMW]{2,})$";

/** Requires time between the moment a version becomes deletable and its deletion. */
export const minimumGrace: ResourceValidationPolicy = {
  name: "minimum-grace",
  displayName: "A grace period before deletion",
  description: "A version must have been recorded as deletable for some time before it is deleted.",
  enforcementLevel: "disabled",
  severity: "medium",
  framework: safetyContract("S4"),
  tags: ["ghcr", "containers", "retention", "roll-back"],
  remediationSteps: "Write `grace: 7d`, or the duration that the policy requires, into the retention policy or the stack's `defaults`.",
  configSchema: {
    properties: {
      grace: { type: "string", pattern: durationForm, default: defaults.grace, description: "Minimum of `grace`, such as `7d`." },
      minimumAge: {
        type: "string",
        pattern: durationForm,
        default: defaults.minimumAge,
        description: "Minimum of `minimumAge`, such as `1d`.",
      },
    },
  },
  validateResource(args, reportViolation) {
    if (!isRetentionPolicy(args.type)) return args.notApplicable("Only retention policies are checked.");
    const required = { ...defaults, ...args.getConfig<Partial<Config>>() };
    const written = { grace: property(args, "grace"), minimumAge: property(args, "minimumAge") };
    const effective = { grace: written.grace ?? "0d", minimumAge: written.minimumAge ?? defaults.minimumAge };
    for (const key of ["grace", "minimumAge"] as const) {
      const wanted = minutes(required[key]);
      if (wanted === undefined)
        throw new Error(`minimum-grace: \`${key}\` in the policy's config is not a duration; write one such as "7d".`);
      if ((minutes(effective[key]) ?? -1) >= wanted) continue;
      const value = written[key] === undefined ? "not set" : printable(String(written[key]));
      reportViolation(`\`${key}\` is ${value}; the minimum here is ${required[key]}.\nWrite \`${key}: ${required[key]}\`, or more.`);
    }
  },
};
