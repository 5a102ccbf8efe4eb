import { planOf, plansByPrefix } from "../../approval/deleted-by";
import type { Connection } from "../../inventory/connection";
import { count } from "../../messages/plurals";
import { stopText } from "../../messages/stop";
import { packageLabel } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import { Stopped, type StopSignals, untilStopped } from "../../model/stop";
import { idsIn, type Ledger, ledgerLine } from "../state/ledger";
import { remainder } from "../state/remainder";
import { type CheckedInputs, type Outputs, type StoredOutputs, StoredRecord } from "../state/stored";
import { storedPolicy } from "../state/stored-policy";
import type { StoredReasons } from "../state/stored-reasons";
import { type ApplyProgress, ApplyRun, type Deletion } from "./apply-run";
import { deleteApproved } from "./delete-in-batches";
import { listFound, toDo } from "./found-deletions";
import type { Reporter } from "./reporter";
import { restoreVersions } from "./restore";

/** Where a run acts, whom it tells, and who may stop it. */
export interface ApplyContext {
  readonly connection: Connection;
  readonly reporter: Reporter;
  readonly stop: StopSignals;
}

/**
 * Restores the versions that the inputs ask for, then deletes those that the inputs approve and the outputs do not hold yet.
 *
 * An error becomes the output `failure`, with which the program then fails. If the update itself failed, the engine would keep the old
 * inputs, without the approval and the plan with which the next run continues (https://github.com/pulumi/pulumi/issues/2011).
 */
export async function apply(context: ApplyContext, done: StoredOutputs, news: CheckedInputs): Promise<Outputs> {
  const { approved, found } = toDo(done, news);
  const restoring = news.unseen ? {} : { ...stillWanted(done.unverified, news), ...news.restoring };
  // An earlier run broke off before it could verify every image: that is done now (S6).
  const unproven = news.unseen ? [] : done.unproven.filter((digest) => news.deletions[digest] !== undefined);
  const progress: ApplyProgress & RestoreProgress = {
    deleted: [],
    pushedAgain: [],
    refused: new Map(),
    found: [],
    recorded: [],
    parts: new Set(),
    unverified: restoring,
    restored: new Set(),
  };
  try {
    progress.recorded = await untilStopped(context.stop.changes, listFound(context.connection, news, found));
    await restoreAll(context, done, news, progress);
    if (approved.size + unproven.length > 0) {
      const [policy, stored] = [storedPolicy(news), StoredRecord.parse(news)];
      await deleteApproved(await ApplyRun.begin({ ...context, policy, stored, approved, unproven, progress }));
    }
  } catch (error) {
    const outputs = outputsAfter(done, news, progress);
    const failure = failureText(error, news, outputs, progress);
    // The engine cancels the program as well, which would otherwise report it.
    if (error instanceof Stopped && error.cause.kind === "cancelled") context.reporter.warn(failure);
    const doubtful = [...done.unproven, ...[...progress.found, ...progress.deleted].map(({ version }) => version.digest)];
    return {
      ...outputs,
      unproven: [...new Set(doubtful)].filter((digest) => outputs.ledger[digest] !== undefined),
      failure,
    };
  }
  return outputsAfter(done, news, progress);
}

/** Why a run broke off, and how far it was. */
function failureText(error: unknown, news: CheckedInputs, outputs: Outputs, progress: ApplyProgress & RestoreProgress): string {
  if (!(error instanceof Stopped)) return error instanceof Error ? error.message : String(error);
  const toRestore = Object.keys(progress.unverified);
  return stopText(packageLabel({ owner: news.owner, name: news.package }), error.cause, {
    deleted: progress.deleted.length,
    left: remainder(outputs, news).length,
    restored: toRestore.filter((digest) => progress.restored.has(digest)).length,
    toRestore: toRestore.length,
  });
}

/** Versions that an earlier run restored and could not pull are verified again, unless `restore` no longer names them. */
function stillWanted(unverified: StoredReasons, { deletions }: CheckedInputs): StoredReasons {
  return Object.fromEntries(Object.entries(unverified).filter(([digest]) => deletions[digest] === undefined));
}

async function restoreAll(
  { connection, reporter, stop }: ApplyContext,
  { ledger }: StoredOutputs,
  news: CheckedInputs,
  progress: RestoreProgress,
): Promise<void> {
  const digests = Object.keys(progress.unverified);
  if (digests.length === 0) return;
  const name: PackageName = { owner: news.owner, name: news.package };
  const { deleted } = StoredRecord.parse(news);
  const { restored } = progress;
  const restoration = { connection, name, digests, deleted, ids: idsIn(ledger), restored, warn: reporter.warn, signal: stop.changes };
  progress.parts = await restoreVersions(restoration);
  progress.unverified = {};
  reporter.info(`${packageLabel(name)}: ${count(restored.size, "version")} restored, and pulled`);
}

/** How far the restoration is. */
interface RestoreProgress {
  /** Versions to restore and pull, or not yet pulled whole: digest to why they were deleted. */
  unverified: StoredReasons;
  readonly restored: Set<string>;
  /** Restored with the image that needs them, while `restore` does not name them. */
  parts: ReadonlySet<string>;
  /** Deletions that no run recorded. */
  recorded: readonly Deletion[];
}

/** The ledger without the entries whose version exists again or can no longer be restored. */
function stillDeleted(ledger: Ledger, news: CheckedInputs, { unverified, restored }: RestoreProgress): Ledger {
  const stays = (digest: string) => !restored.has(digest) && (news.deletions[digest] ?? unverified[digest]) !== undefined;
  return Object.fromEntries(Object.entries(ledger).filter(([digest]) => stays(digest)));
}

function outputsAfter(done: StoredOutputs, news: CheckedInputs, progress: ApplyProgress & RestoreProgress): Outputs {
  const gone = [...progress.recorded, ...progress.found, ...progress.deleted].filter(
    ({ version }) => !progress.restored.has(version.digest),
  );
  const ledger = { ...stillDeleted(done.ledger, news, progress), ...ledgerOf(gone, news) };
  // The evidence is for policy packs, which check a run before it happens.
  const { deletions, evidence: _evidence, ...inputs } = news;
  const isOpen = (digest: string) => ledger[digest] === undefined && !progress.parts.has(digest);
  const remaining = Object.fromEntries(Object.entries(deletions).filter(([digest]) => isOpen(digest)));
  return {
    ...inputs,
    remaining,
    ledger,
    refused: { ...stillApproved(done.refused, news), ...Object.fromEntries(progress.refused) },
    ...(Object.keys(progress.unverified).length > 0 ? { unverified: progress.unverified } : {}),
    planId: news.pending?.id ?? "none",
    counts: {
      deleted: Object.keys(ledger).length,
      remaining: Object.keys(remaining).length,
      pending: Object.keys(news.pending?.deletions ?? {}).length,
    },
  };
}

/** A person who withdraws an approval and gives it again wants the deletion to be attempted again. */
function stillApproved(refused: StoredReasons, { deletions }: CheckedInputs): StoredReasons {
  return Object.fromEntries(Object.entries(refused).filter(([digest]) => deletions[digest] !== undefined));
}

function ledgerOf(gone: readonly Deletion[], news: CheckedInputs): Ledger {
  const plans = plansByPrefix(StoredRecord.parse(news).deleted);
  return Object.fromEntries(
    gone.map(({ version: { id, digest, tags }, deletedAt }) => {
      const reason = news.deletions[digest] ?? "";
      return [digest, ledgerLine({ id, plan: planOf(plans, digest), deletedAt, tags, reason })];
    }),
  );
}
