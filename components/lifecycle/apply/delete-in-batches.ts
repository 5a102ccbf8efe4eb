import type { z } from "zod";
import type { Graph } from "../../graph/graph";
import type { Memory } from "../../inventory/cache/package-cache";
import type { Connection } from "../../inventory/connection";
import { pageSize } from "../../inventory/github/packages-api";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import type { Policy } from "../../rules/policy";
import type { StoredRecord } from "../state/stored";
import { type ApplyProgress, type Deletion, deleteVersions, wholeImages } from "./delete-versions";
import { DeletionProgress } from "./deletion-progress";
import { type Recheck, recheck, retainedIn } from "./recheck";
import type { Reporter } from "./reporter";
import { canUndo, requireScope } from "./require-scope";
import { findBrokenNow, undo } from "./undo";
import { confirmTags, present } from "./verify";

const smallestBatch = 30;
/** At GitHub's pace a minute's worth, so that what is decided is never older. */
const largestBatch = 180;

/** Before each batch everything is looked at again, so a batch is large enough that looking costs little beside it. */
function batchFor({ nodes }: Graph): number {
  return Math.min(largestBatch, Math.max(smallestBatch, 6 * Math.ceil(nodes.length / pageSize)));
}

/**
 * Deletes what was approved, batch by batch. Before each batch the package is looked at again, so that what was pushed,
 * tagged or taken meanwhile is respected; after the last every retained image is verified (S6), and with it what an
 * earlier run deleted and could not verify (`unproven`).
 */
export async function deleteApproved(
  connection: Connection,
  policy: Policy,
  stored: z.output<typeof StoredRecord>,
  approved: ReadonlySet<string>,
  unproven: readonly string[],
  progress: ApplyProgress,
  reporter: Reporter,
): Promise<void> {
  const name: PackageName = { owner: policy.owner, name: policy.package };
  const lookAgain = (memory?: Memory) => recheck(connection, name, policy, stored, approved, progress, memory);

  const first = await lookAgain();
  const { scopes } = first.observation;
  requireScope(name, scopes, "delete:packages", "nothing is deleted");
  if (!canUndo(scopes))
    reporter.warn(`${packageLabel(name)}: the token may delete but not restore; add the scope write:packages to be able to undo.`);
  progress.found = foundDeleted(first, new Set([...approved, ...unproven]));
  for (const digest of unproven) if (isThere(first, digest)) progress.restored.add(digest);
  const complete = await present(connection, first.graph, retainedIn(first), first.observation.served);

  const verify = () => findBrokenNow(connection, first, complete, progress, lookAgain);
  try {
    const last = await deleteInBatches(connection, policy, first, progress, reporter, lookAgain);
    forgetWhatIsThere(progress, last.graph);
    // What somebody else took meanwhile was approved as well.
    const carried = new Set(progress.deleted.map(({ version }) => version.digest));
    progress.found = foundDeleted(last, new Set([...approved, ...unproven])).filter(({ version }) => !carried.has(version.digest));
  } catch (error) {
    // Somebody may have pushed what needs the part that is gone: that is not left to the next run.
    const broken = progress.deleted.length === 0 ? [] : await verify().catch(() => []);
    if (broken.length === 0) throw error;
    throw new RetentionError(
      `${error instanceof Error ? error.message : String(error)} ${await undo(connection, first, progress, broken, verify)}`,
    );
  }
  for (const [digest, answer] of progress.refused) reporter.warn(`${packageLabel(name)}@${digest} stays: ${answer}`);
  const broken = await verify();
  if (broken.length > 0) throw new RetentionError(await undo(connection, first, progress, broken, verify));
}

/** Returns what it saw after the last batch. */
async function deleteInBatches(
  connection: Connection,
  { limits }: Policy,
  first: Recheck,
  progress: ApplyProgress,
  { info: log }: Reporter,
  lookAgain: (memory: Memory) => Promise<Recheck>,
): Promise<Recheck> {
  const { graph, going, observation: seen } = first;
  const name = graph.inventory.package;
  const run = wholeImages(going, limits.deletions);
  const pace = new DeletionProgress(packageLabel(name), run, log);
  let now = first;
  for (; now.going.size > 0 && progress.deleted.length < run; now = await lookAgain(now.observation.memory)) {
    await confirmTags(connection, now.graph, retainedIn(now));
    const before = progress.deleted.length + progress.refused.size;
    const left = run - progress.deleted.length;
    await deleteVersions(connection, name, seen.route, now.going, wholeImages(now.going, Math.min(batchFor(now.graph), left)), progress);
    pace.advance(progress.deleted.length + progress.refused.size - before);
  }
  return now;
}

/** Approved, and gone before this run began: deleted by a run that could not store it, or by somebody else. GitHub remembers it. */
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

function isThere({ graph: { byDigest, inventory } }: Recheck, digest: string): boolean {
  return byDigest.has(digest) && !inventory.deleted?.some((version) => version.digest === digest);
}

/** Deleted by this run and listed: pushed again since, or GitHub's answer that it was gone was wrong. The next run decides anew. */
function forgetWhatIsThere(progress: ApplyProgress, { byDigest, nodes }: Graph): void {
  const there = ({ version: { digest, id }, alreadyGone: unknown }: Deletion) => {
    const listed = nodes[byDigest.get(digest) ?? -1]?.version.id;
    return listed !== undefined && (unknown || listed !== id);
  };
  const gone = progress.deleted.filter((one) => !there(one));
  progress.deleted.splice(0, progress.deleted.length, ...gone);
}
