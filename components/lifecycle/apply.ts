import type { Connection } from "../inventory/connection";
import type { PackageName } from "../inventory/inventory";
import type { Carried, Progress } from "./deletions";
import { remainder } from "./diff";
import { type Ledger, ledgerLine, planOf, plansByDigits } from "./ledger";
import { policyOf } from "./policy-of";
import { bringBack } from "./restoring";
import { approvalRecord, type CheckedInputs, type Outputs, type StoredOutputs, StoredRecord } from "./state";
import { deleteApproved } from "./sweep";

/** Where an apply tells what it does: warnings, and how far it is. */
export interface Reporter {
  readonly warn: (text: string) => void;
  readonly tell: (text: string) => void;
}

/**
 * Restores what the inputs ask for, then carries out what they approve and the outputs do not hold yet.
 *
 * What breaks it off is an output, with which the program fails: of an update that fails itself the engine keeps the old
 * inputs, without the approval and the plan that the next run goes on from (https://github.com/pulumi/pulumi/issues/2011).
 */
export async function apply(connection: Connection, done: StoredOutputs, news: CheckedInputs, reporter: Reporter): Promise<Outputs> {
  const approved = new Set(remainder(done, news));
  const before = { ...done, ledger: stillOnRecord(done.ledger, news) };
  const progress: Progress = { carried: [], refused: new Map(), found: [] };
  const name: PackageName = { owner: news.owner, name: news.package };
  try {
    const restoring = Object.keys(news.unseen ? {} : (news.restoring ?? {}));
    if (restoring.length > 0) {
      const { deleted = {} } = approvalRecord(StoredRecord.parse(news), []);
      await bringBack(connection, name, { digests: restoring, deleted }, reporter.warn);
      reporter.tell(`${news.owner}/${news.package}: ${restoring.length} versions restored`);
    }
    if (approved.size > 0) await deleteApproved(connection, policyOf(news), StoredRecord.parse(news), approved, progress, reporter);
  } catch (error) {
    return { ...outputsAfter(before, news, progress), failure: error instanceof Error ? error.message : String(error) };
  }
  return outputsAfter(before, news, progress);
}

function stillOnRecord<Value>(entries: Readonly<Record<string, Value>>, news: CheckedInputs): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).filter(([digest]) => news.deletions[digest] !== undefined));
}

function outputsAfter(before: StoredOutputs, news: CheckedInputs, progress: Progress): Outputs {
  const ledger = { ...before.ledger, ...ledgerOf([...progress.found, ...progress.carried], news) };
  const { deletions, ...inputs } = news;
  const remaining = Object.fromEntries(Object.entries(deletions).filter(([digest]) => ledger[digest] === undefined));
  return {
    ...inputs,
    remaining,
    ledger,
    refused: { ...before.refused, ...Object.fromEntries(progress.refused) },
    planId: news.pending?.id ?? "none",
    counts: {
      deleted: Object.keys(ledger).length,
      remaining: Object.keys(remaining).length,
      pending: Object.keys(news.pending?.deletions ?? {}).length,
    },
  };
}

function ledgerOf(gone: readonly Carried[], news: CheckedInputs): Ledger {
  const plans = plansByDigits(StoredRecord.parse(news).deleted);
  return Object.fromEntries(
    gone.map(({ version: { id, digest, tags }, deletedAt }) => {
      const reason = news.deletions[digest] ?? "";
      return [digest, ledgerLine({ id, plan: planOf(plans, digest), deletedAt, tags, reason })];
    }),
  );
}
