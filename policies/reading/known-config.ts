import type { ResourceValidationPolicy } from "@pulumi/policy";
import { indented, printable } from "./text";

/**
 * Makes a policy refuse keys of its config that its schema does not name: the engine passes them on in silence, and the value that was
 * meant stays at its default. The engine itself refuses wrong types and levels, and tells policies nothing about names of policies.
 */
export function refusingUnknownKeys(policy: ResourceValidationPolicy): ResourceValidationPolicy {
  const { name, configSchema, validateResource } = policy;
  if (typeof validateResource !== "function") return policy;
  const known = Object.keys(configSchema?.properties ?? {});
  return {
    ...policy,
    validateResource(args, reportViolation) {
      const unknown = Object.keys(args.getConfig<Readonly<Record<string, unknown>>>()).filter((key) => !known.includes(key));
      if (unknown.length === 0) return validateResource(args, reportViolation);
      const expected = ["enforcementLevel", ...known].map((key) => `\`${key}\``).join(", ");
      throw new Error(`${name}: unknown keys in the policy's config; expected ${expected}:\n${indented(unknown.map(printable))}`);
    },
  };
}
