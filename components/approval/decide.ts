import { isDeepStrictEqual } from "node:util";
import type { Graph } from "../graph/graph";
import { userTagsOf } from "../graph/tag-schemes";
import { pick, type Reasons } from "../plan/deletion-reason";
import type { DeletionSet } from "../plan/deletion-set";
import type { Plan } from "../plan/plan";
import type { Day } from "../plan/plan-id";
import type { Policy } from "../rules/policy";
import { isBeyondRecord, plansOf } from "./approved-plans";
import { dropKeptLeftovers, undecided } from "./eligible";
import { type Approved, approveAll, type Eligible, openPart, type RecordedBefore, type Situation } from "./find-approved";
import { type Found, findUnrecorded, mergeImages } from "./found";
import { candidatesOf } from "./grace";
import { inUseNotices } from "./in-use-notices";
import { findMissed, type Lacking, lackingImages } from "./lacked";
import { breachOf, goThemselves } from "./limits";
import type { Notice } from "./notice";
import { type ApprovalRecord, idOf, type Pending, type StillThere, tagMapOf, tagsOf } from "./record";
import { imagesOfApproved, stillNeeded, stillRestorable } from "./restore-references";
import { seeingNotices } from "./seeing-notices";
import { seenBy, sightingsOf } from "./sightings";
import { situate } from "./situate";
import { namedApprovals, underWay } from "./standing";
import { replacedPlans, type VoidApproval, whyVoid } from "./void";

/** What this run does, and what the stack remembers of it. Deciding again with the result as record changes nothing. */
export interface Decision extends ApprovalRecord {
  /** Today's plan: every version that may go now, approved or not. */
  readonly plan: Plan;
  /** Approved and still free to go. */
  readonly going: DeletionSet;
  readonly notices: readonly Notice[];
}

/**
 * Compares the plan with what was approved. Pure. Nothing enters `going` that was not approved (S2), and nothing remains
 * in it that may not go today (S4). `named` are the approvals that the config names, if not the policy's alone.
 */
export function decide(observed: Graph, written: Policy, recorded: ApprovalRecord, named = ownApproval(written)): Decision {
  const { graph, renewal } = seenBy(recorded.sightings, observed);
  const { situation, eligible, found, restore, ended } = situate(graph, written, recorded, named);
  const { policy, record, today } = situation;
  const { still } = eligible;
  const before: RecordedBefore = { still, candidates: record.candidates ?? {} };

  const asked = found && dropKeptLeftovers(situation, eligible, found);
  const planFound = asked?.plan ?? eligible.plan;
  const open = openPart(planFound, policy, before);
  const { approved, notices, voided } = honourApproval(situation, { plan: planFound, open, still, found: asked?.found });
  // Leftovers of a deleted image may go by the approval alone.
  const plan = approved === undefined ? eligible.plan : planFound;

  const honoured = new Set([...still.all, ...Object.keys(approved?.reasons ?? {})]);
  const going = plan.deletions.narrowedTo(honoured);
  const unread = new Set(undecided(plan));
  const remembered = new Set([...going.digests(), ...[...still.all].filter((digest) => unread.has(digest))]);

  const plans = plansOf(situation, { plan, approved, remembered, named, voided });
  const deletedBefore = record.deleted ?? {};
  const unrecorded = unrecordedIn(situation, plans, [record.restoring ?? {}, record.deletions, approved?.gone ?? {}, restore.restoring]);
  const planned = approved ? { [approved.id]: imagesOfApproved(plan, approved) } : {};
  const images = mergeImages(deletedBefore, planned, unrecorded.deleted, restore.listed);
  const known = { ...record.restoring, ...record.deletions, ...approved?.gone, ...unrecorded.deletions };
  const lacking = lackingImages({ going, minimumAge: policy.minimumAge }, known, { deleted: images, plans });
  const lacked = lacking.flatMap(({ lacks }) => lacks);
  const restoring = { ...pick(known, lacked), ...restore.restoring };
  // What was to be restored and is not back returns to the ledger when nothing asks for it any more.
  const gone = Object.entries(known).filter(([digest]) => !graph.byDigest.has(digest) && !restoring[digest]);
  const restorable = stillRestorable(graph, Object.fromEntries(gone), deletedBefore, today);
  const deletions = {
    ...restorable,
    ...pick({ ...approved?.reasons, ...record.deletions }, remembered),
  };
  // A version that its approval alone can no longer delete waits with what it depends on.
  const rest = openPart(plan, policy, { still: { ...still, all: new Set(Object.keys(deletions)) }, candidates: before.candidates });
  // What the approved plan was shown with stands as well, where a limit keeps that plan from being honoured.
  const standing = namedApprovals({ ...record, plans }, [...named, ...(found?.continues ?? [])]);
  // What goes by itself goes on whatever is approved.
  const continues = underWay(plans).filter((id) => standing.has(id) && plans[id]?.automatic === undefined);
  const pending = pendingOf(situation, rest, continues);
  const replaced = replacedPlans(recorded, pending, { plans, written });
  return {
    plan,
    going,
    notices: [
      ...ended,
      ...seeingNotices(situation, plan, renewal),
      ...inUseNotices(situation, restoring),
      ...notices,
      ...(voided === undefined ? [] : [voidNotice(situation, eligible, written, { id: voided, waiting: pending })]),
      ...restore.notices,
      ...lacking.map(lackingNotice),
      ...ledgerExpiry(gone.length - Object.keys(restorable).length, today),
      ...foundNotice(Object.keys(unrecorded.deletions).filter((digest) => !restoring[digest]).length, today),
    ],
    deletions,
    plans,
    sightings: sightingsOf(graph, recorded.sightings),
    deleted: stillNeeded(images, { deletions, restoring, references: policy.restore }),
    restoring,
    ...(pending ? { pending } : {}),
    ...(Object.keys(replaced).length > 0 ? { replaced } : {}),
    ...(policy.grace === undefined ? {} : { candidates: candidatesOf(notApproved(plan, deletions), before.candidates, today) }),
  };
}

function ownApproval({ approve }: Policy): readonly string[] {
  return approve === undefined ? [] : [approve];
}

/** Finds deletions that no run recorded, where a run may have left none. */
function unrecordedIn({ graph, policy, record, today }: Situation, plans: ApprovalRecord["plans"], recorded: readonly Reasons[]): Found {
  const { deleted = {}, isNew } = record;
  if (isNew === undefined && policy.approval === "required") return findMissed(graph, recorded, { deleted, plans }, today);
  return findUnrecorded(graph, recorded, deleted, today);
}

function lackingNotice({ image, digest, lacks }: Lacking): Notice {
  return { kind: "lacks-deleted", image, digest, parts: lacks.length };
}

function foundNotice(count: number, day: Day): Notice[] {
  return count === 0 ? [] : [{ kind: "found-deleted", count, day }];
}

function ledgerExpiry(count: number, day: Day): Notice[] {
  return count === 0 ? [] : [{ kind: "ledger-expiry", count, day }];
}

interface Honoured {
  readonly approved?: Approved;
  readonly notices: readonly Notice[];
  /** The id in `approve`, where it approves nothing. */
  readonly voided?: string;
}

interface Request {
  readonly plan: Plan;
  /** What the plan deletes and no approval on record covers. */
  readonly open: Reasons;
  readonly still: StillThere;
  readonly found: Approved | undefined;
}

/** Returns what of an approval may be honoured today, within the limits, and why the rest may not. */
function honourApproval({ graph, policy, record }: Situation, { plan, open, still, found }: Request): Honoured {
  const count = Object.keys(open).length;
  if (goThemselves(policy, count, graph)) return { ...(count === 0 ? {} : { approved: approveAll(graph, plan.asOf, open) }), notices: [] };
  const id = policy.approve;
  if (id === undefined || record.plans[id] !== undefined) return { notices: [] };
  if (found === undefined) return { notices: [], voided: id };
  const asked = Object.keys(found.reasons);
  const mayGo = plan.deletions.narrowedTo(new Set([...still.all, ...asked.filter((digest) => open[digest] !== undefined)]));
  const free = mayGo.digests().filter((digest) => !still.all.has(digest));
  const breach = breachOf(policy.limits, free.length, graph);
  if (breach !== undefined) return { notices: [{ kind: "approval-over-limits", id, breach }] };
  const total = found.covers.length;
  const staying = total - free.length - Object.keys(found.gone).length;
  const notices: Notice[] = staying > 0 ? [{ kind: "approval-shrunk", id, staying, total }] : [];
  return { approved: { ...found, reasons: pick(found.reasons, free) }, notices };
}

function voidNotice(situation: Situation, eligible: Eligible, written: Policy, request: VoidApproval): Notice {
  if (isBeyondRecord(situation.record, request.id, situation.today))
    return { kind: "record-is-new", setting: "approve", reference: request.id };
  return { kind: "approval-void", id: request.id, cause: whyVoid(situation, eligible, written, request) };
}

function notApproved(plan: Plan, deletions: Reasons): string[] {
  return plan.deletions.digests().filter((digest) => deletions[digest] === undefined);
}

function pendingOf({ graph, policy, record, today }: Situation, rest: Reasons, continues: readonly string[]): Pending | undefined {
  const digests = Object.keys(rest);
  if (digests.length === 0) return undefined;
  const breach = breachOf(policy.limits, digests.length, graph);
  const refused = breach === undefined ? {} : { refused: breach };
  // The same set keeps its id and its reasons from day to day, so that nothing changes under its reviewers.
  const { pending } = record;
  const tags = tagMapOf(graph, digests);
  const isSame = pending && sameKeys(pending.deletions, rest) && isDeepStrictEqual(userTagsIn(pending), tagsOf(graph, digests));
  if (isSame && continues.every((id) => pending.continues?.includes(id))) {
    const { id, deletions, continues: before } = pending;
    return { id, deletions, tags, ...(before ? { continues: before } : {}), ...refused };
  }
  const id = idOf(graph, today, digests, continues);
  return { id, deletions: rest, tags, ...(continues.length > 0 ? { continues } : {}), ...refused };
}

/** Returns the tags that people set, sorted; clients may add scheme tags at any time. */
function userTagsIn({ tags }: Pending): string[] {
  return [...userTagsOf({ tags: Object.keys(tags) })].sort();
}

function sameKeys(a: Reasons, b: Reasons): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => b[key] !== undefined);
}
