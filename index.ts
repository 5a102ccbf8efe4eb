import { log } from "@pulumi/pulumi";
import { configuredPolicies, RetentionPolicy } from "ghcr-retention";

const policies = configuredPolicies().map(({ policy, configPath, weaker }) => {
  const name = `${policy.owner}/${policy.package}`.toLowerCase();
  const resource = new RetentionPolicy(name, { ...policy, configPath });
  if (weaker.length > 0) log.warn(`${configPath}: weaker than the stack's defaults: ${weaker.join(", ")}`, resource);
  return { name, resource };
});

/** By package: the plan that waits for approval, or `none`. */
export const waitingPlans = Object.fromEntries(policies.map(({ name, resource }) => [name, resource.planId]));

/** By package: how many versions are deleted under its policy, remain, and wait. */
export const counts = Object.fromEntries(policies.map(({ name, resource }) => [name, resource.counts]));
