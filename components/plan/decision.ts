import { isDeepStrictEqual } from "node:util";
import type { Graph, Node } from "../graph/graph";
import type { Limits, Policy } from "../rules/policy";
import type { DeletionSet } from "./deletion-set";
import { computePlan, type Plan } from "./plan";
import { type Day, dayOf, dayOfPlan, planIdOf } from "./plan-id";
import { deletionReasons } from "./reasons";

/** Digest to reason. */
export type Reasons = Readonly<Record<string, string>>;

/** Version ids that a plan was approved for: images were judged by rules, parts hang under them. */
export interface ApprovedIds {
  readonly images: readonly number[];
  readonly parts: readonly number[];
  /** The tags that the approved versions had, sorted: one that gained another tag since is in use again. */
  readonly tags: readonly string[];
}

export interface Pending {
  readonly id: string;
  readonly deletions: Reasons;
  /** The tags that these versions have, sorted. */
  readonly tags: readonly string[];
  /** Why nobody can approve it. */
  readonly refused?: string;
}

/** What the stack remembers from run to run. */
export interface ApprovalRecord {
  /** Deleted under this policy, or approved to go: cumulative. */
  readonly deletions: Reasons;
  /** Approved plans by id, with what they may still delete. An id that is done stays as long as the config names it. */
  readonly plans: Readonly<Record<string, ApprovedIds>>;
  readonly pending?: Pending;
}

/** What is to happen in this run, and what is to be remembered of it. Deciding again with the result as record changes nothing. */
export interface Decision extends ApprovalRecord {
  /** Today's plan: everything that may go now, approved or not. */
  readonly plan: Plan;
  /** Approved and still free to go. */
  readonly going: DeletionSet;
  /** What the person who approved should know. */
  readonly notices: readonly string[];
}

interface Approved {
  readonly id: string;
  readonly reasons: Reasons;
  readonly tags: readonly string[];
}

/**
 * Holds the plan against what was approved. Pure. Nothing enters `going` that was not approved (S2), and nothing stays
 * in it that may not go today (S4).
 */
export function decide(graph: Graph, policy: Policy, recorded: ApprovalRecord): Decision {
  const today = dayOf(graph.inventory.now);
  const record = policy.approval === "required" && policy.approve === undefined ? withdraw(graph, recorded) : recorded;
  const { still, plan } = settle(graph, policy, record, today);
  const open = openPart(plan, still.all);

  const notices: string[] = [];
  const approved = findApproved(graph, policy, record, plan, open, still, notices);
  const honoured = new Set([...still.all, ...Object.keys(approved?.reasons ?? {})]);
  const going = plan.deletions.narrowedTo(honoured);
  const unread = new Set(plan.unread);
  const remembered = [...going.digests(), ...[...still.all].filter((digest) => unread.has(digest))];

  const gone = Object.entries(record.deletions).filter(([digest]) => !graph.byDigest.has(digest));
  const deletions = Object.fromEntries([
    ...gone,
    ...remembered.map((digest) => [digest, record.deletions[digest] ?? approved?.reasons[digest] ?? ""] as const),
  ]);
  // What an approval covers and can no longer take by itself waits with what it hangs on.
  const rest = openPart(plan, new Set(Object.keys(deletions)));
  const pending = pendingOf(graph, policy, record, today, rest);
  return {
    plan,
    going,
    notices,
    deletions,
    plans: plansOf(graph, policy, record, plan, approved, new Set(remembered)),
    ...(pending ? { pending } : {}),
  };
}

/** Taking the approval out of the config stops what is not done yet. */
function withdraw(graph: Graph, record: ApprovalRecord): ApprovalRecord {
  const deletions = Object.fromEntries(Object.entries(record.deletions).filter(([digest]) => !graph.byDigest.has(digest)));
  return { ...record, deletions, plans: {} };
}

/** What the approvals on record still cover, with the plan that this gives. What can no longer go by itself is covered no more. */
function settle(graph: Graph, policy: Policy, record: ApprovalRecord, today: Day): { still: StillThere; plan: Plan } {
  let still = stillThere(graph, record);
  for (;;) {
    const plan = computePlan(graph, policy, { asOf: today, leftovers: still.parts });
    const free = new Set([...plan.deletions.narrowedTo(still.all).digests(), ...plan.unread]);
    if ([...still.all].every((digest) => free.has(digest))) return { still, plan };
    still = { all: intersection(still.all, free), parts: intersection(still.parts, free) };
  }
}

function intersection(digests: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...digests].filter((digest) => others.has(digest)));
}

interface StillThere {
  readonly all: ReadonlySet<string>;
  readonly parts: ReadonlySet<string>;
}

/** Approved on record, not gone and not tagged anew. A digest that was pushed again has another version id, and counts as new. */
function stillThere(graph: Graph, record: ApprovalRecord): StillThere {
  const all = new Set<string>();
  const parts = new Set<string>();
  for (const plan of Object.values(record.plans)) {
    const images = new Set(plan.images);
    const ownParts = new Set(plan.parts);
    for (const digest of withTagsOnly(graph, Object.keys(record.deletions), plan.tags)) {
      const { id } = nodeOf(graph, digest).version;
      if (images.has(id) || ownParts.has(id)) all.add(digest);
      if (ownParts.has(id)) parts.add(digest);
    }
  }
  return { all, parts };
}

/** Those of the digests that are there and carry no other tags than these. */
function withTagsOnly(graph: Graph, digests: readonly string[], tags: readonly string[]): string[] {
  const approved = new Set(tags);
  return digests.filter((digest) => graph.byDigest.has(digest) && nodeOf(graph, digest).userTags.every((tag) => approved.has(tag)));
}

function nodeOf(graph: Graph, digest: string): Node {
  return graph.nodes[graph.byDigest.get(digest) ?? -1] as Node;
}

function tagsOf(graph: Graph, digests: readonly string[]): string[] {
  return digests.flatMap((digest) => nodeOf(graph, digest).userTags).sort();
}

function idOf(graph: Graph, asOf: Day, digests: readonly string[]): string {
  const members = digests.map((digest) => ({ digest, tags: nodeOf(graph, digest).userTags }));
  return planIdOf(graph.inventory.package, asOf, members);
}

/** What the plan deletes and no approval on record covers yet. */
function openPart(plan: Plan, covered: ReadonlySet<string>): Reasons {
  const reasons = deletionReasons(plan);
  const { nodes } = plan.deletions.graph;
  const entries = [...reasons].map(([node, { text }]) => [(nodes[node] as Node).version.digest, text] as const);
  return Object.fromEntries(entries.filter(([digest]) => !covered.has(digest)).sort(byFirst));
}

function findApproved(
  graph: Graph,
  policy: Policy,
  record: ApprovalRecord,
  plan: Plan,
  open: Reasons,
  still: StillThere,
  notices: string[],
): Approved | undefined {
  if (policy.approval === "automatic") {
    const digests = Object.keys(open);
    if (digests.length === 0 || breachOf(policy.limits, digests.length, graph) !== undefined) return undefined;
    return { id: idOf(graph, plan.asOf, digests), reasons: open, tags: tagsOf(graph, digests) };
  }
  const id = policy.approve;
  if (id === undefined || record.plans[id] !== undefined) return undefined;
  const approved = record.pending?.id === id ? pendingApproval(graph, record.pending) : asOfApproval(graph, policy, id, plan.asOf, still);
  if (approved === undefined) {
    notices.push(`approval ${id} is void: ${whyVoid(id, plan.asOf)}; nothing is deleted under it`);
    return undefined;
  }
  const asked = Object.keys(approved.reasons);
  const count = plan.deletions.narrowedTo(new Set(asked)).size;
  const breach = breachOf(policy.limits, count, graph);
  if (breach !== undefined) {
    notices.push(`approval ${id} is not honoured: ${breach}`);
    return undefined;
  }
  const approvedCount = record.pending?.id === id ? Object.keys(record.pending.deletions).length : asked.length;
  if (count < approvedCount) {
    notices.push(
      `approval ${id}: ${approvedCount - count} of its ${approvedCount} versions stay, since they are needed, tagged, changed or gone by now`,
    );
  }
  return approved;
}

/** The plan on record, without what was tagged or went since. */
function pendingApproval(graph: Graph, { id, deletions, tags }: Pending): Approved {
  const left = withTagsOnly(graph, Object.keys(deletions), tags);
  return { id, tags, reasons: Object.fromEntries(left.map((digest) => [digest, deletions[digest] ?? ""])) };
}

/** The plan as of the approved day, if it is the approved one. */
function asOfApproval(graph: Graph, policy: Policy, id: string, today: Day, still: StillThere): Approved | undefined {
  const asOf = dayOfPlan(id);
  if (asOf > today) return undefined;
  const reasons = openPart(computePlan(graph, policy, { asOf, leftovers: still.parts }), still.all);
  const digests = Object.keys(reasons);
  return idOf(graph, asOf, digests) === id ? { id, reasons, tags: tagsOf(graph, digests) } : undefined;
}

function whyVoid(id: string, today: Day): string {
  if (dayOfPlan(id) > today) return `its day is still to come (today is ${today})`;
  return "the rules or the package changed since, and what would go now is not what was approved";
}

/** Which limit a plan breaks, and by how much. */
export function breachOf(limits: Limits, count: number, graph: Graph): string | undefined {
  const total = graph.nodes.length;
  if (count > limits.deletions)
    return `it deletes ${count} versions, ${count - limits.deletions} more than limits.deletions allows (${limits.deletions})`;
  if (count * 100 > limits.percent * total) {
    const percent = (Math.ceil((count * 1000) / total) / 10).toFixed(1);
    return `it deletes ${percent}% of the package's ${total} versions, and limits.percent allows ${limits.percent}%`;
  }
  return undefined;
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
