import type { z } from "zod";
import type { Defaults, RuleSets } from "../config/stack-policies";
import type { CommentedEntry } from "./commented-entry";

/** What the policies of a stack share, as written. */
export interface WrittenShared {
  readonly ruleSets?: unknown;
  readonly defaults?: unknown;
}

/** What a new policy of a stack has, so that it is never weaker than the stack's defaults. */
export interface StackDefaults extends Pick<CommentedEntry, "limits" | "grace" | "approval"> {
  readonly shared: WrittenShared;
  /** A rule of a policy may not have the name of one in a rule set. */
  readonly takenNames: ReadonlySet<string>;
}

const limits = { deletions: 200, percent: 50 };
const grace = "7d";

/** The usual settings of a stack whose config is valid. Pure. */
export function stackDefaultsOf(shared: WrittenShared = {}): StackDefaults {
  const defaults = (shared.defaults ?? {}) as z.input<typeof Defaults>;
  const sets = (shared.ruleSets ?? {}) as z.input<typeof RuleSets>;
  return {
    shared,
    takenNames: new Set(Object.values(sets).flatMap((rules) => rules.map(({ name }) => name))),
    limits: { ...limits, ...defaults.limits },
    grace: defaults.grace ?? grace,
    // What is added by a command waits for a person, whatever the others do.
    ...(defaults.approval === "automatic" ? { approval: "required" as const } : {}),
  };
}

/** A name of its own for a rule. */
export function freeName(name: string, { takenNames }: StackDefaults): string {
  let free = name;
  for (let index = 2; takenNames.has(free); index++) free = `${name}-${index}`;
  return free;
}
