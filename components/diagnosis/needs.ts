import type { Policy } from "../rules/policy";
import type { Needs } from "./facts";

/** Where no policy is known, the token is judged by all that a policy may ask. */
export const everyNeed: Needs = { reads: true, deletes: true, restores: true, searched: false };

/** Returns what a policy does with its package. */
export function needsOf({ rules, restore }: Pick<Policy, "rules" | "restore">): Needs {
  const deletes = rules.some(({ action }) => action === "delete");
  return { reads: true, deletes, restores: restore.length > 0, searched: false };
}

/** The needs of a package in which the rules of another one look for subjects. */
export const searchedOnly: Needs = { reads: false, deletes: false, restores: false, searched: true };
