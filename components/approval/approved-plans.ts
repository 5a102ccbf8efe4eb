import type { Graph } from "../graph/graph";
import type { Plan } from "../plan/plan";
import { type Day, dayOfPlan, startOf } from "../plan/plan-id";
import type { Approved, Situation } from "./find-approved";
import { type ApprovalRecord, type ApprovedIds, digestPrefix, nodeOf } from "./record";
import { restorableFor } from "./restore-references";

/** What a decision makes of the approvals on record. */
interface Outcome {
  readonly plan: Plan;
  readonly approved: Approved | undefined;
  readonly remembered: ReadonlySet<string>;
  /** The approvals that the config names: they stay on record when they are carried out. */
  readonly named: readonly string[];
  readonly voided: string | undefined;
}

/** Returns the approved plans that stay on record. */
export function plansOf(
  { graph, record, today }: Situation,
  { plan, approved, remembered, named, voided }: Outcome,
): Record<string, ApprovedIds> {
  const version = (digest: string) => nodeOf(graph, digest).version;
  const isOnRecord = approved !== undefined && record.plans[approved.id] !== undefined;
  const mine = isOnRecord ? [] : Object.keys(approved?.reasons ?? {}).filter((digest) => remembered.has(digest));
  // What is approved anew could not go by its earlier approval. It stays under one alone: as an image of its own, or as a part.
  const anew = new Set(mine);
  const alive = new Set([...remembered].filter((digest) => !anew.has(digest)).map((digest) => version(digest).id));
  const digests = Object.keys(record.plans).length === 0 ? new Map<number, string>() : digestsById(graph);
  const plans = new Map<string, ApprovedIds>();
  for (const [id, ids] of Object.entries(record.plans)) {
    const [images, parts] = [ids.images.filter((one) => alive.has(one)), ids.parts.filter((one) => alive.has(one))];
    const dropped = [...ids.images, ...ids.parts].flatMap((one) => (alive.has(one) ? [] : (digests.get(one) ?? [])));
    const kept = [...(ids.kept ?? []), ...dropped.map(digestPrefix)];
    const left = { ...ids, images, parts, ...(kept.length > 0 ? { kept } : {}) };
    if (images.length + parts.length > 0 || named.includes(id)) plans.set(id, left);
  }
  if (voided !== undefined && isBeyondRecord(record, voided, today)) plans.set(voided, { images: [], parts: [], tags: [] });
  if (approved) {
    // A leftover of a deleted image is a part as well: no rule may decide about it.
    const isImage = (digest: string) => plan.verdicts.get(graph.byDigest.get(digest) ?? -1)?.action === "delete";
    const kept = approved.covers.filter((digest) => !anew.has(digest) && approved.gone[digest] === undefined).map(digestPrefix);
    plans.set(approved.id, {
      images: mine.filter(isImage).map((digest) => version(digest).id),
      parts: mine.filter((digest) => !isImage(digest)).map((digest) => version(digest).id),
      tags: approved.tags,
      ...(kept.length > 0 ? { kept } : {}),
      ...(approved.continues.length > 0 ? { continues: approved.continues } : {}),
      ...(approved.automatic ? { automatic: true } : {}),
    });
  }
  return Object.fromEntries([...plans].sort(byFirst));
}

function digestsById({ nodes }: Graph): ReadonlyMap<number, string> {
  return new Map(nodes.map(({ version: { id, digest } }) => [id, digest]));
}

function byFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/**
 * Reports whether an approval may have been carried out under a record that this resource does not have: GitHub's list of deleted
 * versions, from which an approved plan is known again, no longer reaches back to its day.
 */
export function isBeyondRecord({ isNew }: ApprovalRecord, id: string, today: Day): boolean {
  return isNew === true && startOf(today) - startOf(dayOfPlan(id)) >= restorableFor;
}
