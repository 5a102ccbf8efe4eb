import { configuredPolicies, RetentionPolicy } from "ghcr-retention";

const policies = configuredPolicies().map(({ policy, configPath }) => ({
  name: `${policy.owner}/${policy.package}`.toLowerCase(),
  resource: new RetentionPolicy(`${policy.owner}/${policy.package}`.toLowerCase(), { ...policy, configPath }),
}));

/** The plan that waits for approval, by package. */
export const pendingPlans = Object.fromEntries(
  policies.map(({ name, resource }) => [name, resource.pending.apply((pending) => pending?.id ?? "none")]),
);
