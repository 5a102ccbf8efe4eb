import type { CommentedEntry } from "../config-file/commented-entry";
import type { StackDefaults } from "../config-file/stack-defaults";
import type { TodaysPlan } from "./plan-today";

type WrittenLimits = CommentedEntry["limits"];

/** Raises a limit that a proposed plan would breach, unless the stack sets it for every policy. */
export function limitsFor(plans: readonly TodaysPlan[], { limits, boundsPercent }: StackDefaults): WrittenLimits {
  const needed = Math.max(0, ...plans.map(percentOf));
  return boundsPercent || !(needed > (limits.percent ?? 100)) ? limits : { ...limits, percent: needed };
}

/** Returns the `limits.percent` that a plan needs. */
export function percentOf({ versions, total }: TodaysPlan): number {
  return versions === 0 ? 0 : Math.ceil((versions * 100) / total);
}
