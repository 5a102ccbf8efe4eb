import type { z } from "zod";
import { buildGraph, type Graph } from "../graph/graph";
import type { Connection } from "../inventory/connection";
import { LookError, packageLabel } from "../inventory/errors";
import { type PackageRoute, pageSize } from "../inventory/github-packages";
import type { PackageName } from "../inventory/inventory";
import { type Look, look } from "../inventory/look";
import type { Memory } from "../inventory/package-cache";
import { decide } from "../plan/decision";
import type { DeletionSet } from "../plan/deletion-set";
import type { Policy } from "../rules/policy";
import type { Reporter } from "./apply";
import { type Carried, carryOut, type Progress, restore, wholeImages } from "./deletions";
import { Pace } from "./pace";
import { canUndo, expectScope } from "./scopes";
import { approvalRecord, type StoredRecord } from "./state";
import { confirmTags, findBroken, missingByDigest, present } from "./verify";

const smallestBatch = 30;
/** At GitHub's pace a minute's worth, so that what is decided is never older. */
const largestBatch = 180;

/** Before each batch everything is looked at again, so a batch is large enough that looking costs little beside it. */
function batchFor({ nodes }: Graph): number {
  return Math.min(largestBatch, Math.max(smallestBatch, 6 * Math.ceil(nodes.length / pageSize)));
}

/** One look at the package, and what of the approval may still go in its light. */
interface Light {
  readonly seen: Look;
  readonly graph: Graph;
  readonly going: DeletionSet;
}

/**
 * Deletes what was approved, batch by batch. Before each batch the package is looked at again, so that what was pushed,
 * tagged or taken meanwhile is respected; after the last every retained image is verified (S6).
 */
export async function deleteApproved(
  connection: Connection,
  policy: Policy,
  stored: z.output<typeof StoredRecord>,
  approved: ReadonlySet<string>,
  progress: Progress,
  reporter: Reporter,
): Promise<void> {
  const name: PackageName = { owner: policy.owner, name: policy.package };
  const lookAgain = (memory?: Memory) => lookFor(connection, name, policy, stored, approved, progress, memory);

  const first = await lookAgain();
  const { route, scopes } = first.seen;
  expectScope(name, scopes, "delete:packages", "nothing is deleted");
  if (!canUndo(scopes))
    reporter.warn(`${packageLabel(name)}: the token may delete but not restore; add the scope write:packages to be able to undo.`);
  progress.found = foundDeleted(first, approved);
  const complete = await present(connection, first.graph, retainedIn(first), first.seen.served);

  const run = wholeImages(first.going, policy.limits.deletions);
  const pace = new Pace(packageLabel(name), run, reporter.tell);
  for (let now = first; now.going.size > 0 && progress.carried.length < run; now = await lookAgain(now.seen.memory)) {
    await confirmTags(connection, now.graph, retainedIn(now));
    const before = progress.carried.length + progress.refused.size;
    const left = run - progress.carried.length;
    await carryOut(connection, name, route, now.going, wholeImages(now.going, Math.min(batchFor(now.graph), left)), progress);
    pace.advance(progress.carried.length + progress.refused.size - before);
  }
  for (const [digest, answer] of progress.refused) reporter.warn(`${packageLabel(name)}@${digest} stays: ${answer}`);

  const verify = () => findBrokenNow(connection, first, complete, lookAgain);
  const broken = await verify();
  if (broken.length > 0) throw new LookError(await undo(connection, name, route, progress, broken, verify));
}

async function lookFor(
  connection: Connection,
  name: PackageName,
  policy: Policy,
  stored: z.output<typeof StoredRecord>,
  approved: ReadonlySet<string>,
  progress: Progress,
  memory: Memory | undefined,
): Promise<Light> {
  const decideNow = (graph: Graph) => decide(graph, policy, approvalRecord(stored, graph.byDigest.keys()));
  const seen = await look(connection, name, {
    unreadable: policy.unreadable,
    curiosity: (graph) => decideNow(graph).plan.unread,
    ...(memory ? { memory } : {}),
  });
  const graph = buildGraph(seen.inventory);
  const done = new Set(progress.carried.map(({ version }) => version.digest));
  const open = [...approved].filter((digest) => !progress.refused.has(digest) && !done.has(digest));
  // Whatever the rules would add by now, only what was approved goes (S4).
  return {
    seen,
    graph,
    going: decideNow(graph)
      .going.narrowedTo(new Set([...open, ...done]))
      .without(done),
  };
}

function retainedIn({ graph, going }: Light): number[] {
  return [...graph.nodes.keys()].filter((node) => !going.has(node));
}

/** Approved, and gone before this run began: deleted by a run that could not store it, or by somebody else. GitHub remembers it. */
function foundDeleted({ graph }: Light, approved: ReadonlySet<string>): Carried[] {
  const { now, deleted = [] } = graph.inventory;
  const remembered = new Map(deleted.map((version) => [version.digest, version]));
  return [...approved]
    .filter((digest) => !graph.byDigest.has(digest))
    .map((digest) => {
      const { id = 0, tags = [], createdAt = 0, deletedAt = now } = remembered.get(digest) ?? {};
      return { version: { id, digest, tags, createdAt, updatedAt: createdAt }, deletedAt };
    });
}

/** Images that were complete before and are not now, and images that were pushed meanwhile and lack what was deleted. */
async function findBrokenNow(
  connection: Connection,
  first: Light,
  complete: readonly number[],
  lookAgain: (memory: Memory) => Promise<Light>,
): Promise<string[]> {
  const broken = await findBroken(connection, first.seen.route, first.graph, complete);
  if (broken.length > 0) return broken;
  const { graph } = await lookAgain(first.seen.memory);
  const before = missingByDigest(first.graph);
  return [...missingByDigest(graph)].flatMap(([image, missing]) => {
    const lacks = [...missing].filter((digest) => !before.get(image)?.has(digest));
    return lacks.length > 0 ? [`${image} lacks ${lacks.join(", ")}`] : [];
  });
}

/** Restores what this run deleted (S6); says what happened. */
async function undo(
  connection: Connection,
  name: PackageName,
  route: PackageRoute,
  progress: Progress,
  broken: readonly string[],
  verifyAgain: () => Promise<string[]>,
): Promise<string> {
  const what = `${packageLabel(name)}: after the deletion an image was not complete (${broken.join("; ")})`;
  const { carried } = progress;
  const count = carried.length;
  while (carried.length > 0) {
    // The last deleted comes back first: what is needed before what needs it.
    const { version } = carried[carried.length - 1] as Carried;
    try {
      await restore(connection, name, route, version);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `${what}. Only ${count - carried.length} of the ${count} versions deleted in this run could be restored: ${reason}`;
    }
    carried.pop();
    progress.refused.set(version.digest, `restored, since its deletion left an image incomplete (${broken.join("; ")})`);
  }
  const stillBroken = await verifyAgain();
  const outcome =
    stillBroken.length === 0 ? "every retained image is complete again" : `NOT COMPLETE YET: ${stillBroken.join("; ")}. Look at it now`;
  return `${what}. All ${count} versions deleted in this run were restored; ${outcome}.`;
}
