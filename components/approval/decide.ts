import { isDeepStrictEqual } from "node:util";
import type { Graph } from "../graph/graph";
import { userTagsOf } from "../graph/tag-schemes";
import type { DeletionSet } from "../plan/deletion-set";
import { computePlan, type Plan } from "../plan/plan";
import { type Day, dayOf } from "../plan/plan-id";
import { isProtected } from "../plan/withheld";
import type { Policy } from "../rules/policy";
import {
  type Approved,
  approveAll,
  breachOf,
  findApproved,
  openPart,
  type RecordedBefore,
  whyNotAutomatic,
  whyVoid,
} from "./find-approved";
import { candidatesOf } from "./grace";
import {
  type ApprovalRecord,
  type ApprovedIds,
  type DeletedImages,
  digestPrefix,
  idOf,
  nodeOf,
  type Pending,
  type Reasons,
  type StillThere,
  stillThere,
  tagMapOf,
  tagsOf,
  withdraw,
} from "./record";
import { imagesOfInterruptedRun, imagesOfPlan, resolveRestore, stillNeeded, stillRestorable } from "./restore-references";

export type { ApprovalRecord, ApprovedIds, Pending, Reasons } from "./record";

/** What is to happen in this run, and what is to be remembered of it. Deciding again with the result as record changes nothing. */
export interface Decision extends ApprovalRecord {
  /** Today's plan: everything that may go now, approved or not. */
  readonly plan: Plan;
  /** Approved and still free to go. */
  readonly going: DeletionSet;
  /** What the person who approved should know. */
  readonly notices: readonly string[];
}

/**
 * Holds the plan against what was approved. Pure. Nothing enters `going` that was not approved (S2), and nothing stays
 * in it that may not go today (S4).
 */
export function decide(graph: Graph, written: Policy, recorded: ApprovalRecord): Decision {
  const today = dayOf(graph.inventory.now);
  const record = written.approval === "required" && written.approve === undefined ? withdraw(graph, recorded) : recorded;
  const back = resolveRestore(graph, record, written.restore);
  const policy = { ...written, protect: [...written.protect, ...back.protect] };
  const settled = dropIneligible(graph, policy, record, today);
  const { still } = settled;
  const known: RecordedBefore = { still, candidates: record.candidates ?? {} };

  const found = findApproved(graph, policy, record, today, known);
  const planFound =
    found === undefined || found.leftovers.size === 0
      ? settled.plan
      : computePlan(graph, policy, { asOf: today, leftovers: new Set([...still.parts, ...found.leftovers]) });
  const { approved, notices } = honourApproval(graph, policy, record, planFound, openPart(planFound, policy, known), known, found);
  // What is left of an image may go by the approval alone.
  const plan = approved === undefined ? settled.plan : planFound;

  const honoured = new Set([...still.all, ...Object.keys(approved?.reasons ?? {})]);
  const going = plan.deletions.narrowedTo(honoured);
  const unread = new Set(undecided(plan));
  const remembered = new Set([...going.digests(), ...[...still.all].filter((digest) => unread.has(digest))]);

  // What was to be restored and is not back is in the ledger again when `restore` names it no longer.
  const gone = Object.entries({ ...record.restoring, ...record.deletions, ...approved?.gone }).filter(
    ([digest]) => !graph.byDigest.has(digest) && !back.restoring[digest],
  );
  const deletedBefore = record.deleted ?? {};
  const restorable = stillRestorable(graph, Object.fromEntries(gone), deletedBefore, today);
  const deletions = {
    ...restorable,
    ...Object.fromEntries([...remembered].map((digest) => [digest, record.deletions[digest] ?? approved?.reasons[digest] ?? ""])),
  };
  // What an approval covers and can no longer take by itself waits with what it hangs on.
  const rest = openPart(plan, policy, { still: { ...still, all: new Set(Object.keys(deletions)) }, candidates: known.candidates });
  const pending = pendingOf(graph, policy, record, today, rest);
  const deleted = { ...deletedBefore, ...(approved ? { [approved.id]: imagesOf(plan, approved) } : {}) };
  const decision: Decision = {
    plan,
    going,
    notices: [...notices, ...back.notices, ...ledgerExpiry(gone.length - Object.keys(restorable).length, today)],
    deletions,
    plans: plansOf(graph, policy, record, plan, approved, remembered),
    deleted: stillNeeded(deleted, deletions, back.restoring, policy.restore),
    restoring: back.restoring,
    ...(pending ? { pending } : {}),
    ...(policy.grace === undefined ? {} : { candidates: candidatesOf(notApproved(plan, deletions), known.candidates, today) }),
  };
  // `restore` may name what a run deleted that was killed: only now it is on record.
  if (written.restore.length === 0 || Object.keys(approved?.gone ?? {}).length === 0) return decision;
  const withWayBack = decide(graph, written, decision);
  return { ...withWayBack, notices: [...notices, ...withWayBack.notices] };
}

function ledgerExpiry(count: number, today: Day): string[] {
  return count === 0
    ? []
    : [`${count} versions leave the ledger ${onDay(today)}: GitHub restores what was deleted within the last 30 days`];
}

/** Marks what is news on one day only: the outputs of the last run may still hold it on the next. */
export function onDay(day: Day): string {
  return `on ${day}`;
}

function imagesOf(plan: Plan, { reasons, gone, goneTags, leftovers }: Approved): DeletedImages {
  const { images, tags } = imagesOfPlan(plan, new Set(Object.keys(reasons)));
  return { images: [...images, ...imagesOfInterruptedRun(Object.keys(gone), leftovers)], tags: { ...tags, ...goneTags } };
}

/** What the approvals on record still cover, with the plan that this gives. What can no longer go by itself is covered no more. */
function dropIneligible(graph: Graph, policy: Policy, record: ApprovalRecord, today: Day): { still: StillThere; plan: Plan } {
  let still = stillThere(graph, record);
  for (;;) {
    const plan = computePlan(graph, policy, { asOf: today, leftovers: still.parts });
    const free = new Set([...plan.deletions.narrowedTo(still.all).digests(), ...undecided(plan)]);
    if ([...still.all].every((digest) => free.has(digest))) return { still, plan };
    still = { all: intersection(still.all, free), parts: intersection(still.parts, free) };
  }
}

/** Whether they may go is known when they are read; of what is protected it is known already. */
function undecided({ unread, stays, deletions: { graph } }: Plan): string[] {
  return unread.filter((digest) => stays.get(graph.byDigest.get(digest) ?? -1) !== isProtected);
}

function intersection(digests: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...digests].filter((digest) => others.has(digest)));
}

interface Honoured {
  readonly approved?: Approved;
  readonly notices: readonly string[];
}

/** What of an approval may be honoured today, within the limits; says why not. */
function honourApproval(
  graph: Graph,
  policy: Policy,
  record: ApprovalRecord,
  plan: Plan,
  open: Reasons,
  { still }: RecordedBefore,
  found: Approved | undefined,
): Honoured {
  if (policy.approval === "automatic") {
    const count = Object.keys(open).length;
    if (count === 0) return { notices: [] };
    if (whyNotAutomatic(policy.limits, count, graph) === undefined) return { approved: approveAll(graph, plan.asOf, open), notices: [] };
  }
  const id = policy.approve;
  if (id === undefined || record.plans[id] !== undefined) return { notices: [] };
  if (found === undefined) return { notices: [`approval ${id} is void: ${whyVoid(id, plan.asOf)}; nothing is deleted under it`] };
  const asked = Object.keys(found.reasons);
  const mayGo = plan.deletions.narrowedTo(new Set([...still.all, ...asked.filter((digest) => open[digest] !== undefined)]));
  const free = mayGo.digests().filter((digest) => !still.all.has(digest));
  const breach = breachOf(policy.limits, free.length, graph);
  if (breach !== undefined) return { notices: [`approval ${id} is not honoured: ${breach}`] };
  const total = record.pending?.id === id ? Object.keys(record.pending.deletions).length : asked.length;
  const stay = total - free.length - Object.keys(found.gone).length;
  const notices =
    stay > 0 ? [`approval ${id}: ${stay} of its ${total} versions stay, since they are needed, tagged, changed or gone by now`] : [];
  return { approved: { ...found, reasons: Object.fromEntries(free.map((digest) => [digest, found.reasons[digest] ?? ""])) }, notices };
}

function notApproved(plan: Plan, deletions: Reasons): string[] {
  return plan.deletions.digests().filter((digest) => deletions[digest] === undefined);
}

function pendingOf(graph: Graph, policy: Policy, record: ApprovalRecord, today: Day, rest: Reasons): Pending | undefined {
  const digests = Object.keys(rest);
  if (digests.length === 0) return undefined;
  const breach = breachOf(policy.limits, digests.length, graph);
  const refused = breach === undefined ? {} : { refused: breach };
  // The same set keeps its id and its texts from day to day, so that nothing moves under its reviewers.
  const { pending } = record;
  const tags = tagMapOf(graph, digests);
  if (pending && sameKeys(pending.deletions, rest) && isDeepStrictEqual(userTagsIn(pending), tagsOf(graph, digests))) {
    return { id: pending.id, deletions: pending.deletions, tags, ...refused };
  }
  return { id: idOf(graph, today, digests), deletions: rest, tags, ...refused };
}

/** The tags that people set, sorted: clients set theirs whenever they like. */
function userTagsIn({ tags, deletions }: Pending): string[] {
  const digests = new Map(Object.keys(deletions).map((digest) => [digestPrefix(digest), digest]));
  return Object.entries(tags)
    .flatMap(([tag, digits]) => userTagsOf({ digest: digests.get(digits) ?? "", tags: [tag] }))
    .sort();
}

function plansOf(
  graph: Graph,
  policy: Policy,
  record: ApprovalRecord,
  plan: Plan,
  approved: Approved | undefined,
  remembered: ReadonlySet<string>,
): Record<string, ApprovedIds> {
  const version = (digest: string) => nodeOf(graph, digest).version;
  const alive = new Set([...remembered].map((digest) => version(digest).id));
  const plans = new Map<string, ApprovedIds>();
  for (const [id, ids] of Object.entries(record.plans)) {
    const left = { ...ids, images: ids.images.filter((one) => alive.has(one)), parts: ids.parts.filter((one) => alive.has(one)) };
    if (left.images.length + left.parts.length > 0 || id === policy.approve) plans.set(id, left);
  }
  if (approved) {
    const mine = Object.keys(approved.reasons).filter((digest) => remembered.has(digest) && record.plans[approved.id] === undefined);
    // What is left of an image that is gone is a part, too: no rule may speak for it.
    const isImage = (digest: string) => plan.verdicts.get(graph.byDigest.get(digest) ?? -1)?.action === "delete";
    plans.set(approved.id, {
      images: mine.filter(isImage).map((digest) => version(digest).id),
      parts: mine.filter((digest) => !isImage(digest)).map((digest) => version(digest).id),
      tags: approved.tags,
    });
  }
  return Object.fromEntries([...plans].sort(byFirst));
}

function sameKeys(a: Reasons, b: Reasons): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => b[key] !== undefined);
}

function byFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
