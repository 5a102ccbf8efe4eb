import { Policy, type PolicyInput } from "../../components/rules/policy";

type RuleInput = PolicyInput["rules"][number];

/** A policy with these rules, otherwise as plain as possible. */
export function policyOf(rules: readonly RuleInput[], more: Partial<PolicyInput> = {}): Policy {
  return Policy.parse({ owner: "logto-io", package: "logto", rules: [...rules], ...more });
}

export const dropUntagged = { name: "drop-untagged", action: "delete", untagged: true, olderThan: "14d" } as const satisfies RuleInput;
export const dropPullRequests = { name: "drop-pr", action: "delete", tags: ["pr-*"], olderThan: "7d" } as const satisfies RuleInput;
export const dropEverything = { name: "drop-everything", action: "delete" } as const satisfies RuleInput;
export const keepReleases = { name: "keep-releases", action: "keep", tags: ["prod", "v*"] } as const satisfies RuleInput;
/** The workflow of December 2023. */
export const dropUntaggedVersions = {
  name: "drop-untagged-versions",
  action: "delete",
  untagged: true,
  olderThan: "3d",
  scope: "versions",
} as const satisfies RuleInput;
