import type { LimitBreach } from "../approval/limits";
import type { Day } from "../plan/plan-id";
import { count } from "./plurals";

/** Writes which bound a plan exceeds. */
export function breachText(breach: LimitBreach): string {
  if (breach.kind === "deletions") {
    const { deletes, limit } = breach;
    return `it deletes ${count(deletes, "version")}, ${deletes - limit} more than limits.deletions allows in one run (${limit})`;
  }
  const { deletes, total, percent } = breach;
  const share = (Math.ceil((deletes * 1000) / total) / 10).toFixed(1);
  return `it deletes ${share}% of the package's ${count(total, "version")}, and limits.percent allows ${percent}%`;
}

/** Writes which bound keeps a plan from being approved and the `lines` that raise it far enough. */
export function notApprovableText(breach: LimitBreach, lines: readonly string[] = []): string {
  const how = lines.length === 0 ? "Change the rules or the limits" : `Change the rules, or raise the limit: ${inCode(lines)}`;
  return `${breachText(breach)}. ${how}`;
}

/** Writes that a plan will be over a bound when the grace of its versions is over. */
export function afterGraceText(day: Day, breach: LimitBreach, lines: readonly string[] = []): string {
  return `from ${day} on, a plan of all that waits cannot be approved: ${notApprovableText(breach, lines)}`;
}

function inCode(lines: readonly string[]): string {
  return lines.map((line) => `\`${line}\``).join(" and ");
}
