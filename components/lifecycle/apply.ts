import { buildGraph } from "../graph/graph";
import type { Connection } from "../inventory/connection";
import { LookError, packageLabel } from "../inventory/errors";
import { listDeleted, type PackageRoute, type TokenScopes } from "../inventory/github-packages";
import type { PackageName } from "../inventory/inventory";
import { look } from "../inventory/look";
import { decide } from "../plan/decision";
import { type Carried, carryOut, type Progress, restore } from "./deletions";
import { remainder } from "./diff";
import { policyOf } from "./policy-of";
import { approvalRecord, type CheckedInputs, type LedgerEntry, type Outputs, type StoredOutputs, StoredRecord } from "./state";
import { confirmTags, findBroken, present } from "./verify";

export type Warn = (text: string) => void;

/**
 * Carries out what the inputs approve and the outputs do not hold yet: looks again, narrows to what may still go,
 * asks the registry for every tag that stays, deletes, and verifies that every retained image is complete.
 *
 * What breaks it off is an output, with which the program fails: of an update that fails itself the engine keeps the old
 * inputs, without the approval and the plan that the next run goes on from (https://github.com/pulumi/pulumi/issues/2011).
 */
export async function apply(connection: Connection, done: StoredOutputs, news: CheckedInputs, warn: Warn): Promise<Outputs> {
  const approved = new Set(remainder(done, news));
  const before = { ...done, deletions: stillApproved(done.deletions, news), ledger: stillApproved(done.ledger, news) };
  const progress: Progress = { carried: [], refused: new Map(), found: [] };
  if (approved.size === 0) return outputsAfter(before, news, progress);
  try {
    await deleteApproved(connection, news, approved, progress, warn);
  } catch (error) {
    return { ...outputsAfter(before, news, progress), failure: error instanceof Error ? error.message : String(error) };
  }
  return outputsAfter(before, news, progress);
}

async function deleteApproved(
  connection: Connection,
  news: CheckedInputs,
  approved: ReadonlySet<string>,
  progress: Progress,
  warn: Warn,
): Promise<void> {
  const policy = policyOf(news);
  const name: PackageName = { owner: policy.owner, name: policy.package };
  const record = approvalRecord(StoredRecord.parse(news));
  const { inventory, route, scopes } = await look(connection, name, (graph) => decide(graph, policy, record).plan.unread);
  expectScopes(name, scopes, warn);

  const graph = buildGraph(inventory);
  // Whatever the rules would add by now, only what was approved goes (S4).
  const going = decide(graph, policy, record).going.narrowedTo(approved);
  const retained = [...graph.nodes.keys()].filter((node) => !going.has(node));
  await confirmTags(connection, graph, retained);
  const complete = await present(connection, graph, retained);

  progress.found = await findDeleted(
    connection,
    name,
    route,
    [...approved].filter((digest) => !graph.byDigest.has(digest)),
  );
  await carryOut(connection, name, route, going, progress);
  for (const [digest, answer] of progress.refused) warn(`${packageLabel(name)}@${digest} stays: ${answer}`);

  const broken = await findBroken(connection, route, graph, complete);
  if (broken.length === 0) return;
  throw new LookError(await undo(connection, name, route, progress, broken, () => findBroken(connection, route, graph, complete)));
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

function expectScopes(name: PackageName, scopes: TokenScopes, warn: Warn): void {
  if (scopes === undefined) return;
  if (!scopes.has("delete:packages")) {
    throw new LookError(
      `${packageLabel(name)}: the token has no scope delete:packages; nothing is deleted. Expected read:packages, delete:packages and, to undo, write:packages.`,
    );
  }
  if (!scopes.has("write:packages"))
    warn(`${packageLabel(name)}: the token may delete but not restore; add the scope write:packages to be able to undo.`);
}

function stillApproved<Value>(entries: Readonly<Record<string, Value>>, news: CheckedInputs): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).filter(([digest]) => news.deletions[digest] !== undefined));
}

function outputsAfter(before: StoredOutputs, news: CheckedInputs, progress: Progress): Outputs {
  const gone = [...progress.found, ...progress.carried];
  const reasons = gone.map(({ version: { digest } }) => [digest, news.deletions[digest] ?? ""] as const);
  const entries = gone.map(
    ({ version: { id, digest, tags }, deletedAt }) => [digest, { id, tags, deletedAt }] satisfies [string, LedgerEntry],
  );
  const deletions = { ...before.deletions, ...Object.fromEntries(reasons) };
  const remaining = Object.fromEntries(Object.entries(news.deletions).filter(([digest]) => deletions[digest] === undefined));
  return {
    ...news,
    deletions,
    remaining,
    ledger: { ...before.ledger, ...Object.fromEntries(entries) },
    refused: { ...before.refused, ...Object.fromEntries(progress.refused) },
    planId: news.pending?.id ?? "none",
    counts: {
      deleted: Object.keys(deletions).length,
      remaining: Object.keys(remaining).length,
      pending: Object.keys(news.pending?.deletions ?? {}).length,
    },
  };
}

/** Approved, and gone before this run began: deleted by a run that could not store it, or by somebody else. GitHub remembers it. */
async function findDeleted(connection: Connection, name: PackageName, route: PackageRoute, digests: readonly string[]): Promise<Carried[]> {
  if (digests.length === 0) return [];
  const deleted = await listDeleted(connection, name, route);
  return digests.map((digest) => {
    const found = deleted.find(({ version }) => version.digest === digest);
    return found ?? { version: { id: 0, digest, tags: [], createdAt: 0, updatedAt: 0 }, deletedAt: "" };
  });
}
