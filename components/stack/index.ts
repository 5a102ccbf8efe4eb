import { configuredOrganizations, configuredPolicies } from "../config/stack-config";
import { placesOf } from "../resources/aliases";
import { RetentionPolicy } from "../resources/retention-policy";
import { type WaitingPlan, waitingPlanOf } from "../resources/waiting-plan";
import { all, log, type Resource } from "../sdk/pulumi";

const configured = configuredPolicies().map((each) => ({ ...each, name: `${each.policy.owner}/${each.policy.package}`.toLowerCase() }));
// Named, since the engine puts the position of no nameless function on record.
const policies = configured.map(function declare({ name, policy, configPath, weaker }) {
  const resource = new RetentionPolicy(name, { ...policy, configPath }, { aliases: placesOf(policy.owner) });
  warnIfWeaker(resource, configPath, weaker);
  return { name, resource };
});

const elsewhere = new Map(configured.map(({ name, configPath }) => [name, configPath]));
const organizations = configuredOrganizations().map(({ name, whole, configPath, weaker }) => {
  const { owner } = whole.organization;
  const { OrganizationRetention } = retentionOfOrganizations();
  const resource = new OrganizationRetention(name, { owner, whole, configPath, elsewhere });
  warnIfWeaker(resource, configPath, weaker);
  return { name, resource };
});

/** By package: the plan that waits for approval, or `none`. */
export const waitingPlans = Object.fromEntries(policies.map(({ name, resource }) => [name, resource.planId]));

/** By package, those of organisations as well: the plan that waits for approval, with the versions that it deletes and why. */
export const plans = all([
  ...policies.map(({ name, resource }) => waitingPlanOf(resource).apply((plan) => (plan === undefined ? {} : { [name]: plan }))),
  ...organizations.map(({ resource }) => resource.plans),
]).apply((each): Record<string, WaitingPlan> => Object.assign({}, ...each));

/** By package: how many versions are deleted under its policy, remain, and wait. */
export const counts = Object.fromEntries(policies.map(({ name, resource }) => [name, resource.counts]));

/** By organisation: a summary of all of its packages. */
export const summaries = Object.fromEntries(organizations.map(({ name, resource }) => [name, resource.summary]));

/** Loads it where there is an organisation: a preview of one package waits for all that is loaded before its policy is declared. */
function retentionOfOrganizations(): typeof import("../resources/organization-retention") {
  return require("../resources/organization-retention");
}

function warnIfWeaker(resource: Resource, configPath: string, weaker: readonly string[]): void {
  if (weaker.length > 0) log.warn(`${configPath}: weaker than the stack's defaults: ${weaker.join(", ")}`, resource);
}
