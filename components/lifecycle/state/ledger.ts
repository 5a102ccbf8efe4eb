import type { DeletedImages } from "../../approval/record";
import { digestPrefix } from "../../approval/record";
import { restorableFor } from "../../approval/restore-references";
import { dayOf } from "../../plan/plan-id";
import type { StoredReasons } from "./stored-reasons";

/** What was deleted under a policy and can be restored: digest to {@link ledgerLine}. */
export type Ledger = Readonly<Record<string, string>>;

/** One deletion that really happened, with what restoring it takes. */
export interface LedgerEntry {
  /** GitHub's version id; 0 where GitHub does not tell. */
  readonly id: number;
  /** The plan that it was approved with. */
  readonly plan: string;
  /** GitHub's clock, epoch milliseconds. It can be restored for 30 days from then. */
  readonly deletedAt: number;
  readonly tags: readonly string[];
  readonly reason: string;
}

/** `<version id> <plan id> <time>/<restorable until> <tags…>: <reason>`: one line, since a stack may hold thousands. */
export function ledgerLine({ id, plan, deletedAt, tags, reason }: LedgerEntry): string {
  const at = new Date(deletedAt).toISOString().replace(/\.\d+Z$/, "Z");
  return `${[id, plan, `${at}/${dayOf(deletedAt + restorableFor)}`, ...tags].join(" ")}: ${reason}`;
}

/** The ledger as the inputs hold it: digest to reason. */
export function reasonsIn(ledger: Ledger): StoredReasons {
  // Tags and ids hold no colon, but the times before them do.
  return Object.fromEntries(Object.entries(ledger).map(([digest, line]) => [digest, line.slice(line.indexOf(": ") + 2)]));
}

/** The latest plan that deleted each version, by {@link digestPrefix}. */
export function plansByPrefix(deleted: Readonly<Record<string, DeletedImages>>): ReadonlyMap<string, string> {
  const plans = Object.entries(deleted).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(plans.flatMap(([id, { images }]) => images.flat().map((digits) => [digits, id] as const)));
}

export function planOf(plans: ReadonlyMap<string, string>, digest: string): string {
  return plans.get(digestPrefix(digest)) ?? "-";
}
