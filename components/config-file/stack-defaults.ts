import type { z } from "zod";
import type { Defaults, RuleSets } from "../config/stack-policies";
import type { CommentedEntry } from "./commented-entry";

/** The settings that the policies of a stack share, as written. */
export interface WrittenShared {
  readonly ruleSets?: unknown;
  readonly defaults?: unknown;
}

/** The settings of a new policy, at least as strict as the stack's defaults. */
export interface StackDefaults extends Pick<CommentedEntry, "limits" | "grace" | "approval"> {
  readonly shared: WrittenShared;
  /** Whether the stack bounds the percentage of every policy. */
  readonly boundsPercent: boolean;
  /** The names of rules in rule sets, which a policy's own rules may not use. */
  readonly takenNames: ReadonlySet<string>;
}

const limits = { deletions: 200, percent: 50 };
const grace = "7d";

/** Returns the settings of a new policy in a stack with a valid config. Pure. */
export function stackDefaultsOf(shared: WrittenShared = {}): StackDefaults {
  const defaults = (shared.defaults ?? {}) as z.input<typeof Defaults>;
  const sets = (shared.ruleSets ?? {}) as z.input<typeof RuleSets>;
  return {
    shared,
    takenNames: new Set(Object.values(sets).flatMap((rules) => rules.map(({ name }) => name))),
    boundsPercent: defaults.limits?.percent !== undefined,
    limits: { ...limits, ...defaults.limits },
    grace: defaults.grace ?? grace,
    // A policy added by a command always requires approval.
    ...(defaults.approval === "automatic" ? { approval: "required" as const } : {}),
  };
}

/** Returns a rule name that is not taken. */
export function freeName(name: string, { takenNames }: Pick<StackDefaults, "takenNames">): string {
  let free = name;
  for (let index = 2; takenNames.has(free); index++) free = `${name}-${index}`;
  return free;
}
