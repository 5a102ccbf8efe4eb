import type { Graph } from "../../graph/graph";
import { pageSize } from "../../inventory/github/page-size";
import { inUseLines } from "../../messages/deployments";
import { refusedText } from "../../messages/refused";
import { packageLabel, RetentionError } from "../../model/errors";
import { Stopped, untilStopped } from "../../model/stop";
import { groupRefused } from "../../plan/refused";
import type { InUseReason } from "../../plan/stay-reason";
import { type ApplyProgress, type ApplyRun, type Deletion, type Recheck, retainedIn } from "./apply-run";
import { deleteVersions, wholeImages } from "./delete-versions";
import { DeletionProgress } from "./deletion-progress";
import { canUndo, requireScope } from "./require-scope";
import { findBrokenNow, undo } from "./undo";
import { confirmTags, present } from "./verify";

const smallestBatch = 30;
/** A minute's worth at GitHub's pace, so that a decision is never older when it is carried out. */
const largestBatch = 180;

/** The package is observed again before each batch, so a batch is large enough that observing costs little in comparison. */
function batchFor({ nodes }: Graph): number {
  return Math.min(largestBatch, Math.max(smallestBatch, 6 * Math.ceil(nodes.length / pageSize)));
}

/**
 * Deletes the approved versions batch by batch. Before each batch the package is observed again, so that pushes, tags
 * and deletions in the meantime are respected. After the last batch every retained image is verified (S6), including those
 * that lack something which an earlier run deleted and could not verify (`unproven`). A run that is stopped begins no further
 * deletion, and verifies what it deleted while there is time.
 */
export async function deleteApproved(run: ApplyRun): Promise<void> {
  const { connection, name, first, approved, unproven, progress, reporter, stop } = run;
  const { scopes } = first.observation;
  requireScope(name, scopes, "delete:packages", "nothing is deleted");
  if (!canUndo(scopes))
    reporter.warn(`${packageLabel(name)}: the token may delete but not restore; add the scope write:packages to be able to undo.`);
  progress.found = foundDeleted(first, new Set([...approved, ...unproven]));
  for (const digest of unproven) if (exists(first, digest)) progress.restored.add(digest);
  const complete = await untilStopped(stop.changes, present(connection, first.graph, retainedIn(first), first.observation.served));

  const verify = () => findBrokenNow(run, complete);
  const verifyInTime = () => untilStopped(stop.verification, verify());
  const inUse = new Map(first.inUse);
  try {
    const last = await deleteInBatches(run, inUse);
    forgetExisting(progress, last.graph);
    // Versions that somebody else deleted in the meantime were approved as well.
    const deleted = new Set(progress.deleted.map(({ version }) => version.digest));
    progress.found = foundDeleted(last, new Set([...approved, ...unproven])).filter(({ version }) => !deleted.has(version.digest));
    for (const group of groupRefused(last.graph, progress.refused))
      reporter.warn(`${packageLabel(name)}: not deleted, ${refusedText(group)}`);
  } catch (error) {
    // Somebody may have pushed an image that needs a deleted part: that does not wait for the next run.
    const broken = progress.deleted.length === 0 ? [] : await verifyInTime().catch(() => []);
    if (broken.length === 0) throw error;
    const undone = await undo(run, broken, verify);
    if (error instanceof Stopped) throw new RetentionError(undone);
    throw new RetentionError(`${error instanceof Error ? error.message : String(error)} ${undone}`);
  }
  for (const line of inUseLines(packageLabel(name), inUse)) reporter.warn(line);
  const broken = await verifyInTime();
  if (broken.length > 0) throw new RetentionError(await undo(run, broken, verify));
}

/** Returns the package as observed after the last batch, and adds to `inUse` what was found to be. */
async function deleteInBatches(run: ApplyRun, inUse: Map<string, InUseReason>): Promise<Recheck> {
  const { connection, name, policy, progress, reporter, stop } = run;
  const total = wholeImages(run.first.going, policy.limits.deletions);
  const pace = new DeletionProgress(packageLabel(name), total, reporter.info);
  const batch = ({ graph }: Recheck) => Math.min(batchFor(graph), total - progress.deleted.length);
  let now = run.first;
  for (
    ;
    now.going.size > 0 && progress.deleted.length < total;
    now = await untilStopped(stop.changes, run.recheck(now.observation.memory, batch(now)))
  ) {
    for (const [digest, reason] of now.inUse) inUse.set(digest, reason);
    await untilStopped(stop.changes, confirmTags(connection, now.graph, retainedIn(now)));
    const before = progress.deleted.length + progress.refused.size;
    await deleteVersions(run, now.going, wholeImages(now.going, batch(now)));
    pace.advance(progress.deleted.length + progress.refused.size - before);
  }
  return now;
}

/** Approved versions that are gone: deleted by a run that could not store it, or by somebody else. GitHub remembers them. */
function foundDeleted({ graph }: Recheck, approved: ReadonlySet<string>): Deletion[] {
  const { now, deleted = [] } = graph.inventory;
  const remembered = new Map(deleted.map((version) => [version.digest, version]));
  return [...approved]
    .filter((digest) => !graph.byDigest.has(digest))
    .map((digest) => {
      const { id = 0, tags = [], createdAt = 0, deletedAt = now } = remembered.get(digest) ?? {};
      return { version: { id, digest, tags, createdAt, updatedAt: createdAt }, deletedAt };
    });
}

function exists({ graph: { byDigest, inventory } }: Recheck, digest: string): boolean {
  return byDigest.has(digest) && !inventory.deleted?.some((version) => version.digest === digest);
}

/**
 * Drops the deleted versions that GitHub lists from the record: they were pushed again since, or GitHub's answer that they were gone
 * was wrong. The next run decides about them anew.
 */
function forgetExisting(progress: ApplyProgress, { byDigest, nodes }: Graph): void {
  const listedId = ({ version: { digest } }: Deletion) => nodes[byDigest.get(digest) ?? -1]?.version.id;
  const isPushedAgain = (deletion: Deletion) => {
    const id = listedId(deletion);
    return !deletion.alreadyGone && id !== undefined && id !== deletion.version.id;
  };
  const isListed = (deletion: Deletion) => deletion.alreadyGone && listedId(deletion) !== undefined;
  progress.pushedAgain.push(...progress.deleted.filter(isPushedAgain));
  const gone = progress.deleted.filter((deletion) => !isPushedAgain(deletion) && !isListed(deletion));
  progress.deleted.splice(0, progress.deleted.length, ...gone);
}
