import { isDeepStrictEqual } from "node:util";
import type { Graph } from "../graph/graph";
import type { Policy } from "../rules/policy";
import { type Approved, breachOf, findApproved, openPart } from "./approval";
import {
  type ApprovalRecord,
  type ApprovedIds,
  idOf,
  nodeOf,
  type Pending,
  type Reasons,
  type StillThere,
  stillThere,
  tagsOf,
  withdraw,
} from "./approval-record";
import type { DeletionSet } from "./deletion-set";
import { candidatesOf } from "./grace";
import { computePlan, type Plan } from "./plan";
import { type Day, dayOf } from "./plan-id";
import { deletionReasons } from "./reasons";

export type { ApprovalRecord, ApprovedIds, Pending, Reasons } from "./approval-record";

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
export function decide(graph: Graph, policy: Policy, recorded: ApprovalRecord): Decision {
  const today = dayOf(graph.inventory.now);
  const record = policy.approval === "required" && policy.approve === undefined ? withdraw(graph, recorded) : recorded;
  const still = stillThere(graph, record);
  const plan = computePlan(graph, policy, { asOf: today, leftovers: still.parts });
  const known = { still, candidates: record.candidates ?? {} };
  const open = openPart(plan, policy, known);

  const notices: string[] = [];
  const approved = findApproved(graph, policy, record, plan, open, known, notices);
  const honoured = new Set([...still.all, ...Object.keys(approved?.reasons ?? {})]);
  const going = plan.deletions.narrowedTo(honoured);
  const unread = new Set(plan.unread);
  const remembered = [...going.digests(), ...[...still.all].filter((digest) => unread.has(digest))];

  const gone = Object.entries(record.deletions).filter(([digest]) => !graph.byDigest.has(digest));
  const deletions = Object.fromEntries([
    ...gone,
    ...remembered.map((digest) => [digest, record.deletions[digest] ?? approved?.reasons[digest] ?? ""] as const),
  ]);
  // Not what is left of `open`: an approval that cannot be honoured any more leaves its image to the next plan.
  const rest = openPart(plan, policy, { still: { ...still, all: new Set(Object.keys(deletions)) }, candidates: known.candidates });
  const pending = pendingOf(graph, policy, record, today, rest);
  return {
    plan,
    going,
    notices,
    deletions,
    plans: plansOf(graph, policy, record, plan, approved, new Set(remembered)),
    ...(pending ? { pending } : {}),
    ...(policy.grace === undefined ? {} : { candidates: candidatesOf(notApproved(plan, still), known.candidates, today) }),
  };
}

function notApproved(plan: Plan, still: StillThere): string[] {
  return plan.deletions.digests().filter((digest) => !still.all.has(digest));
}

function pendingOf(graph: Graph, policy: Policy, record: ApprovalRecord, today: Day, rest: Reasons): Pending | undefined {
  const digests = Object.keys(rest);
  if (digests.length === 0) return undefined;
  const breach = breachOf(policy.limits, digests.length, graph);
  const refused = breach === undefined ? {} : { refused: breach };
  // The same set keeps its id and its texts from day to day, so that nothing moves under its reviewers.
  const { pending } = record;
  const tags = tagsOf(graph, digests);
  if (pending && sameKeys(pending.deletions, rest) && isDeepStrictEqual(pending.tags, tags)) {
    return { id: pending.id, deletions: pending.deletions, tags, ...refused };
  }
  return { id: idOf(graph, today, digests), deletions: rest, tags, ...refused };
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
    const reasons = deletionReasons(plan);
    const mine = Object.keys(approved.reasons).filter((digest) => remembered.has(digest) && record.plans[approved.id] === undefined);
    const isImage = (digest: string) => reasons.get(graph.byDigest.get(digest) ?? -1)?.as === undefined;
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
