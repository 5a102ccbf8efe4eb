import { Policy, type PolicyInput } from "../../../components/rules/policy";

export type RuleInput = PolicyInput["rules"][number];

/** A policy with these rules, otherwise as plain as possible. */
export function policyOf(rules: readonly RuleInput[], more: Partial<PolicyInput> = {}): Policy {
  return Policy.parse({ owner: "logto-io", package: "logto", rules: [...rules], ...more });
}

export const dropUntagged: RuleInput = { name: "drop-untagged", action: "delete", untagged: true, olderThan: "14d" };
export const dropPullRequests: RuleInput = { name: "drop-pr", action: "delete", tags: ["pr-*"], olderThan: "7d" };
export const dropEverything: RuleInput = { name: "drop-everything", action: "delete" };
export const keepReleases: RuleInput = { name: "keep-releases", action: "keep", tags: ["prod", "v*"] };
/** The workflow of December 2023. */
export const dropUntaggedVersions: RuleInput = {
  name: "drop-untagged-versions",
  action: "delete",
  untagged: true,
  olderThan: "3d",
  scope: "versions",
};
