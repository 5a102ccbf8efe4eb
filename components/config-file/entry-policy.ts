import { parsePolicy } from "../rules/parse-policy";
import type { Policy } from "../rules/policy";
import type { CommentedEntry } from "./commented-entry";

/** The policy that an entry is for one package. Throws where it is not valid. */
export function policyOfEntry({ owner, protect, rules, limits, grace }: CommentedEntry, name: string): Policy {
  return parsePolicy({ owner, package: name, protect, limits, grace, rules: rules.map(({ rule }) => rule) });
}
