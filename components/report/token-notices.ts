import type { Decision } from "../approval/decide";
import { type TokenNotice, tokenNotices } from "../diagnosis/token-notices";

/** Returns what this run's token cannot do for what a decision would change, now or once it is approved. */
export function tokenNoticesOf({ plan, going, pending, restoring = {} }: Decision): TokenNotice[] {
  return tokenNotices(plan.deletions.graph.inventory, {
    deletes: going.size > 0 || (pending !== undefined && pending.refused === undefined),
    restores: Object.keys(restoring).length > 0,
  });
}
