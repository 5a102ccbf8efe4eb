import { readStackPolicies } from "../config/stack-policies";
import { parsePolicy } from "../rules/parse-policy";
import type { Policy } from "../rules/policy";
import type { CommentedEntry } from "./commented-entry";
import { settingsOf } from "./render-entry";
import type { WrittenShared } from "./stack-defaults";

/** Returns the policy that an entry declares for one package, merged with the stack's shared settings. Throws if it is invalid. */
export function policyOfEntry(entry: CommentedEntry, name: string, shared: WrittenShared = {}): Policy {
  const [configured] = readStackPolicies({ policies: [{ owner: entry.owner, package: name, ...settingsOf(entry) }], ...shared });
  return parsePolicy(configured?.policy);
}
