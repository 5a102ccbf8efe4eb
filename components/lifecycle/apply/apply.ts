import type { Reasons } from "../../approval/record";
import type { Connection } from "../../inventory/connection";
import { packageLabel } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import { type Ledger, ledgerLine, planOf, plansByPrefix } from "../state/ledger";
import { remainder } from "../state/remainder";
import { type CheckedInputs, type Outputs, type StoredOutputs, StoredRecord } from "../state/stored";
import { storedPolicy } from "../state/stored-policy";
import { deleteApproved } from "./delete-in-batches";
import type { ApplyProgress, Deletion } from "./delete-versions";
import type { Reporter } from "./reporter";
import { restoreVersions } from "./restore";

/**
 * Restores what the inputs ask for, then carries out what they approve and the outputs do not hold yet.
 *
 * What breaks it off is an output, with which the program fails: of an update that fails itself the engine keeps the old
 * inputs, without the approval and the plan that the next run goes on from (https://github.com/pulumi/pulumi/issues/2011).
 */
export async function apply(connection: Connection, done: StoredOutputs, news: CheckedInputs, reporter: Reporter): Promise<Outputs> {
  const approved = new Set(remainder(done, news));
  const restoring = news.unseen ? {} : { ...stillWanted(done.unverified, news), ...news.restoring };
  // Of what broke off before every image was verified, that is done now (S6).
  const unproven = news.unseen ? [] : done.unproven.filter((digest) => news.deletions[digest] !== undefined);
  const progress: ApplyProgress & RestoreProgress = {
    deleted: [],
    refused: new Map(),
    found: [],
    unverified: restoring,
    restored: new Set(),
  };
  try {
    await restoreAll(connection, news, progress, reporter);
    if (approved.size + unproven.length > 0)
      await deleteApproved(connection, storedPolicy(news), StoredRecord.parse(news), approved, unproven, progress, reporter);
  } catch (error) {
    const outputs = outputsAfter(done, news, progress);
    const doubtful = [...done.unproven, ...[...progress.found, ...progress.deleted].map(({ version }) => version.digest)];
    return {
      ...outputs,
      unproven: [...new Set(doubtful)].filter((digest) => outputs.ledger[digest] !== undefined),
      failure: error instanceof Error ? error.message : String(error),
    };
  }
  return outputsAfter(done, news, progress);
}

/** What an earlier run restored and could not pull is verified again, unless `restore` names it no longer. */
function stillWanted(unverified: Reasons, { deletions }: CheckedInputs): Reasons {
  return Object.fromEntries(Object.entries(unverified).filter(([digest]) => deletions[digest] === undefined));
}

async function restoreAll(connection: Connection, news: CheckedInputs, progress: RestoreProgress, reporter: Reporter): Promise<void> {
  const digests = Object.keys(progress.unverified);
  if (digests.length === 0) return;
  const name: PackageName = { owner: news.owner, name: news.package };
  const { deleted } = StoredRecord.parse(news);
  await restoreVersions(connection, name, { digests, deleted }, progress.restored, reporter.warn);
  progress.unverified = {};
  reporter.info(`${packageLabel(name)}: ${digests.length} versions restored, and pulled`);
}

/** What of the restoration has happened so far. */
interface RestoreProgress {
  /** To be restored and pulled, or not yet pulled whole: digest to what it was. */
  unverified: Reasons;
  readonly restored: Set<string>;
}

/** Entries leave when their version is back, or can come back no longer. */
function stillDeleted(ledger: Ledger, news: CheckedInputs, { unverified, restored: back }: RestoreProgress): Ledger {
  const stays = (digest: string) => !back.has(digest) && (news.deletions[digest] ?? unverified[digest]) !== undefined;
  return Object.fromEntries(Object.entries(ledger).filter(([digest]) => stays(digest)));
}

function outputsAfter(done: StoredOutputs, news: CheckedInputs, progress: ApplyProgress & RestoreProgress): Outputs {
  const gone = [...progress.found, ...progress.deleted].filter(({ version }) => !progress.restored.has(version.digest));
  const ledger = { ...stillDeleted(done.ledger, news, progress), ...ledgerOf(gone, news) };
  // The evidence is for policy packs, which judge a run before it happens.
  const { deletions, evidence: _evidence, ...inputs } = news;
  const remaining = Object.fromEntries(Object.entries(deletions).filter(([digest]) => ledger[digest] === undefined));
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

/** Who takes an approval back and gives it again wants it tried again. */
function stillApproved(refused: Reasons, { deletions }: CheckedInputs): Reasons {
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
