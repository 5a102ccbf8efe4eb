import { restorableFor } from "../../approval/restore-references";
import type { Graph } from "../../graph/graph";
import type { Restorable } from "../../messages/removal";
import { dayOf } from "../../plan/plan-id";
import type { StoredReasons } from "./stored-reasons";

/** Deleted versions that can be restored, by digest, each as a {@link ledgerLine}. */
export type Ledger = Readonly<Record<string, string>>;

/** A deletion that happened, with everything that is needed to restore it. */
export interface LedgerEntry {
  /** GitHub's version id; 0 where GitHub does not report it. */
  readonly id: number;
  /** The approved plan that deleted it. */
  readonly plan: string;
  /** GitHub's clock, epoch milliseconds. It can be restored for 30 days from then. */
  readonly deletedAt: number;
  readonly tags: readonly string[];
  readonly reason: string;
}

/** `<version id> <plan id> <time>/<restorable until> <tags…>: <reason>`: one line, since a stack may hold thousands. */
export function ledgerLine({ id, plan, deletedAt, tags, reason }: LedgerEntry): string {
  return `${[id, plan, `${timeText(deletedAt)}/${dayOf(deletedAt + restorableFor)}`, ...tags].join(" ")}: ${reason}`;
}

/** Writes a time, epoch milliseconds, in whole seconds: `2026-11-23T12:00:00Z`. */
export function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Returns what a ledger says of each version. */
export function restorableIn(ledger: Ledger): Restorable[] {
  return Object.entries(ledger).map(([digest, line]) => {
    const [id = "0", plan = "-", times = "", ...tags] = line.slice(0, line.indexOf(": ")).split(" ");
    const [time = "", until = ""] = times.split("/");
    const at = Date.parse(time);
    return { id, digest, tags, plan, ...(Number.isNaN(at) ? {} : { at }), until };
  });
}

/** What a ledger holds, beside the package as a run observed it when it began. */
export interface DividedLedger {
  /** Deleted by that run: the package still had it. */
  readonly deleted: readonly Restorable[];
  /** Deleted by an earlier run, and restored since. */
  readonly restored: readonly Restorable[];
  /** Deleted by an earlier run. */
  readonly gone: readonly Restorable[];
}

/** Divides a ledger by what a run observed of the package. */
export function divideLedger(ledger: Ledger, { byDigest, inventory: { now } }: Graph): DividedLedger {
  // The ledger holds whole seconds of GitHub's clock.
  const begin = Math.floor(now / 1000) * 1000;
  const all = restorableIn(ledger);
  const there = all.filter(({ digest }) => byDigest.has(digest));
  return {
    deleted: there.filter(({ at = 0 }) => at >= begin),
    restored: there.filter(({ at = 0 }) => at < begin),
    gone: all.filter(({ digest }) => !byDigest.has(digest)),
  };
}

/** Returns the version ids that a ledger holds, by digest. */
export function idsIn(ledger: Ledger): Map<string, number> {
  return new Map(restorableIn(ledger).flatMap(({ digest, id }) => (Number(id) > 0 ? [[digest, Number(id)] as const] : [])));
}

/** Returns the ledger as inputs hold it: reasons by digest. */
export function reasonsIn(ledger: Ledger): StoredReasons {
  // Tags and ids hold no colon, but the times before them do.
  return Object.fromEntries(Object.entries(ledger).map(([digest, line]) => [digest, line.slice(line.indexOf(": ") + 2)]));
}
