import { parsePolicy } from "../../rules/parse-policy";
import type { Policy, PolicyInput } from "../../rules/policy";

/** Picks the policy among the resource's inputs. */
export function writtenPolicy(inputs: PolicyInput): PolicyInput {
  const { owner, package: name, rules, protect, limits, minimumAge, grace, inUse, unreadable, restore, approval, approve, onVoid } = inputs;
  return { owner, package: name, rules, protect, limits, minimumAge, grace, inUse, unreadable, restore, approval, approve, onVoid };
}

/** Parses the policy among the resource's inputs. */
export function storedPolicy(inputs: PolicyInput): Policy {
  return parsePolicy(writtenPolicy(inputs));
}
