import type { ResourceValidationArgs } from "@pulumi/policy";
import { fitsOneOf } from "./glob";
import { packageLabel } from "./property";

/** The schema of `exempt` in a policy's config. */
export function exemptSchema(description: string) {
  return {
    type: "array",
    items: { type: "string", minLength: 1 },
    default: [] as string[],
    description: `${description}: \`owner/package\`, \`*\` stands for anything.`,
  } as const;
}

/** Whether the package is exempt. Without exemptions the package's name may still be unknown. */
export function isExempt(args: ResourceValidationArgs, exempt: readonly string[]): boolean {
  return exempt.length > 0 && fitsOneOf(packageLabel(args), exempt);
}
