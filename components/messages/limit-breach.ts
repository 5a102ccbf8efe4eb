import type { LimitBreach } from "../approval/limits";

/** Writes which bound a plan exceeds. */
export function breachText(breach: LimitBreach): string {
  if (breach.kind === "deletions") {
    const { deletes, limit } = breach;
    return `it deletes ${deletes} versions, ${deletes - limit} more than limits.deletions allows in one run (${limit})`;
  }
  const { deletes, total, percent } = breach;
  const share = (Math.ceil((deletes * 1000) / total) / 10).toFixed(1);
  return `it deletes ${share}% of the package's ${total} versions, and limits.percent allows ${percent}%`;
}
