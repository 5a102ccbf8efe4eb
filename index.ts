import { configuredPolicies, RetentionPolicy } from "ghcr-retention";

const policies = configuredPolicies().map(({ policy, configPath }) => {
  const name = `${policy.owner}/${policy.package}`.toLowerCase();
  return { name, resource: new RetentionPolicy(name, { ...policy, configPath }) };
});

/** By package: the plan that waits for approval, or `none`. */
export const waitingPlans = Object.fromEntries(policies.map(({ name, resource }) => [name, resource.planId]));

/** By package: how many versions are deleted under its policy, remain, and wait. */
export const counts = Object.fromEntries(policies.map(({ name, resource }) => [name, resource.counts]));
