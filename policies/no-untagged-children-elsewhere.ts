import type { ResourceValidationPolicy } from "@pulumi/policy";
import { registries } from "./elsewhere/registries";
import { safetyContract } from "./framework";

/** Refuses the same mistake in the registries that allow it. */
export const noUntaggedChildrenElsewhere: ResourceValidationPolicy = {
  name: "no-untagged-children-elsewhere",
  displayName: "No untagged children of images, in other registries",
  description: "Retention that Pulumi declares for another registry must not delete the platforms of tagged images.",
  enforcementLevel: "mandatory",
  severity: "high",
  framework: safetyContract("S1"),
  tags: ["containers", "retention", "availability", "azure"],
  url: "https://github.com/Azure/acr-cli/issues/131",
  remediationSteps: "Run the `acr` alias, or acr-cli 0.11 or newer, in the task; or leave out `--untagged`.",
  configSchema: { properties: {} },
  validateResource(args, reportViolation) {
    const registry = registries.find(({ types }) => types.test(args.type));
    if (registry === undefined) return args.notApplicable("Only the retention of registries is checked.");
    const { findDanger, reason, url } = registry;
    if (findDanger === undefined) return args.notApplicable(`${reason}: ${url}`);
    const danger = findDanger(args);
    if (danger === undefined) return;
    reportViolation(
      `${danger}.\n${reason}: ${url}\nRun \`acr purge\` by its alias, or acr-cli 0.11 or newer; or leave out \`--untagged\`.`,
    );
  },
};
