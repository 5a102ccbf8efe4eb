import { parsePolicy } from "../../rules/parse-policy";
import type { Policy } from "../../rules/policy";
import type { CheckedInputs } from "./stored";

/** Parses the policy among the resource's inputs. */
export function storedPolicy(inputs: Omit<CheckedInputs, "deletions" | "plans">): Policy {
  const { owner, package: name, rules, protect, limits, minimumAge, grace, unreadable, restore, approval, approve } = inputs;
  const written = { owner, package: name, rules, protect, limits, minimumAge, grace, unreadable, restore, approval, approve };
  return parsePolicy(written);
}
