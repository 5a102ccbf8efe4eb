import type { LimitBreach } from "../approval/limits";
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
