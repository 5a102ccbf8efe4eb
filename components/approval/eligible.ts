import { computePlan, type Plan } from "../plan/plan";
import type { Approved, Eligible, Situation } from "./find-approved";
import { stillThere } from "./record";

/** Drops from what approvals on record cover what can no longer go by itself. */
export function dropIneligible({ graph, policy, record, today }: Situation): Eligible {
  let still = stillThere(graph, record);
  for (;;) {
    const plan = computePlan(graph, policy, { asOf: today, leftovers: still.parts });
    const free = new Set([...plan.deletions.narrowedTo(still.all).digests(), ...undecided(plan)]);
    if ([...still.all].every((digest) => free.has(digest))) return { still, plan };
    still = { all: intersection(still.all, free), parts: intersection(still.parts, free) };
  }
}

/** An approval, and the plan in which its leftovers may go. */
export interface Asked {
  readonly found: Approved;
  readonly plan: Plan;
}

/** Drops the leftovers of an approval that stay: rules do not count leftovers as images, so that one that stays must be counted again. */
export function dropKeptLeftovers({ graph, policy, today }: Situation, { still, plan }: Eligible, found: Approved): Asked {
  const covered = new Set([...still.all, ...Object.keys(found.reasons)]);
  for (let leftovers = found.leftovers; leftovers.size > 0; ) {
    const together = computePlan(graph, policy, { asOf: today, leftovers: new Set([...still.parts, ...leftovers]) });
    const free = new Set(together.deletions.narrowedTo(covered).digests());
    if ([...leftovers].every((digest) => free.has(digest))) return { found: { ...found, leftovers }, plan: together };
    leftovers = intersection(leftovers, free);
  }
  return { found: { ...found, leftovers: new Set() }, plan };
}

/** Returns the versions of which an answer that is missing decides: unread ones, unless they are protected, and those that may run somewhere. */
export function undecided({ unread, doubtful, stays, deletions: { graph } }: Plan): string[] {
  return [...unread.filter((digest) => stays.get(graph.byDigest.get(digest) ?? -1)?.kind !== "protected"), ...doubtful];
}

function intersection(digests: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...digests].filter((digest) => others.has(digest)));
}
