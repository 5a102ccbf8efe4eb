import type { Day } from "../plan/plan-id";
import type { Policy } from "../rules/policy";
import type { Decision } from "./decide";
import { dueDays } from "./grace";
import { breachOf, type LimitBreach } from "./limits";

/** The versions that wait out a grace, and the day from which each may go, by digest. */
export interface InGrace {
  readonly digests: readonly string[];
  readonly due: ReadonlyMap<string, Day>;
}

/** Returns the versions whose grace is not over: candidates that are neither approved nor offered for it. */
export function inGrace({ candidates = {}, pending, going, plan }: Decision, { grace }: Policy): InGrace {
  if (grace === undefined) return { digests: [], due: new Map() };
  const offered = new Set([...Object.keys(pending?.deletions ?? {}), ...going.digests()]);
  const digests = Object.keys(candidates).filter((digest) => !offered.has(digest));
  return { digests, due: dueDays(plan.deletions.graph, digests, candidates, grace) };
}

/** Returns the first day on which all that waits, if nothing of it goes before, is more than anybody can approve. */
export function breachAfterGrace(
  { pending, plan }: Decision,
  { digests, due }: InGrace,
  { limits }: Policy,
): { readonly day: Day; readonly breach: LimitBreach } | undefined {
  if (pending?.refused !== undefined) return undefined;
  const waiting = Object.keys(pending?.deletions ?? {}).length;
  const days = digests.map((digest) => due.get(digest) ?? "").sort();
  for (const day of new Set(days)) {
    const breach = breachOf(limits, waiting + days.filter((one) => one <= day).length, plan.deletions.graph);
    if (breach !== undefined) return { day, breach };
  }
  return undefined;
}
