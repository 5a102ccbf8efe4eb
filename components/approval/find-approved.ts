import { type Graph, indicesWhere, type Node } from "../graph/graph";
import { reachableMask } from "../graph/reachability";
import { userTagsOf } from "../graph/tag-schemes";
import type { DeletedVersion, Version } from "../model/inventory";
import { type DeletionReason, kindOf, pick, type Reasons } from "../plan/deletion-reason";
import { computePlan, type Plan } from "../plan/plan";
import { type Day, dayOfPlan, planIdOf, startOf } from "../plan/plan-id";
import { deletionReasons } from "../plan/reasons";
import type { Policy } from "../rules/policy";
import { type Candidates, ripePart } from "./grace";
import { type ApprovalRecord, digestPrefix, idOf, nodeOf, type Pending, type StillThere, tagsOf, withTagsOnly } from "./record";

/** An approved plan and its remaining versions. */
export interface Approved {
  readonly id: string;
  readonly reasons: Reasons;
  readonly tags: readonly string[];
  /** Approved and deleted already, by a run that could not store it. */
  readonly gone: Reasons;
  /** Tags of the versions in `gone`, each mapped to its version's {@link digestPrefix}. */
  readonly goneTags: Readonly<Record<string, string>>;
  /** Approved parts whose image is in `gone`. */
  readonly leftovers: ReadonlySet<string>;
}

/** Versions that approvals on record still cover, and the days on which candidates were recorded. */
export interface RecordedBefore {
  readonly still: StillThere;
  readonly candidates: Candidates;
}

/** A package, its policy, and the stack's record of it. */
export interface Situation {
  readonly graph: Graph;
  readonly policy: Policy;
  readonly record: ApprovalRecord;
  readonly today: Day;
}

/** Returns the versions that the plan deletes, whose grace is over, and that no approval on record covers. */
export function openPart(plan: Plan, { grace }: Policy, { still, candidates }: RecordedBefore): Reasons {
  const due = { candidates, grace: grace ?? 0, asOf: plan.asOf, exempt: still.all };
  const ripe = grace === undefined ? plan.deletions : ripePart(plan.deletions, due);
  const reasons = deletionReasons(plan);
  const { nodes } = plan.deletions.graph;
  const entries = ripe.nodes().flatMap((node): [string, DeletionReason][] => {
    const planned = reasons.get(node);
    return planned === undefined ? [] : [[(nodes[node] as Node).version.digest, planned.reason]];
  });
  return Object.fromEntries(entries.filter(([digest]) => !still.all.has(digest)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Finds the plan that the policy approves: on record, or one that comes out the same as of its day. `undefined`: none, or void. */
export function findApproved({ graph, policy, record, today }: Situation, known: RecordedBefore): Approved | undefined {
  const id = policy.approve;
  if (id === undefined || record.plans[id] !== undefined) return undefined;
  if (record.pending?.id === id) return pendingApproval(graph, record.pending);
  if (dayOfPlan(id) > today) return undefined;
  return asOfApproval(graph, policy, id, known) ?? resumedApproval(graph, policy, id, known);
}

/** Approves everything that is open, as `approval: automatic` does. */
export function approveAll(graph: Graph, asOf: Day, open: Reasons): Approved {
  const digests = Object.keys(open);
  return { id: idOf(graph, asOf, digests), reasons: open, tags: tagsOf(graph, digests), gone: {}, goneTags: {}, leftovers: new Set() };
}

/** Returns the plan on record without the versions that were tagged since. */
function pendingApproval(graph: Graph, { id, deletions, tags: tagMap }: Pending): Approved {
  const tags = Object.keys(tagMap);
  const reasons = pick(deletions, withTagsOnly(graph, Object.keys(deletions), tags));
  const gone = pick(
    deletions,
    deletedSince(graph, dayOfPlan(id)).map(({ digest }) => digest),
  );
  const gonePrefixes = new Set(Object.keys(gone).map(digestPrefix));
  return {
    id,
    tags,
    reasons,
    gone,
    goneTags: Object.fromEntries(Object.entries(tagMap).filter(([, prefix]) => gonePrefixes.has(prefix))),
    leftovers: gonePrefixes.size === 0 ? new Set() : orphanedParts(graph, reasons),
  };
}

/** Returns the approved parts that nothing but such parts needs any more: their image is gone. */
function orphanedParts(graph: Graph, reasons: Reasons): ReadonlySet<string> {
  const isImage = (reason: DeletionReason) => ["tagged-image", "untagged-image"].includes(kindOf(reason) ?? "");
  const parts = new Set(
    Object.entries(reasons).flatMap(([digest, reason]) => {
      return isImage(reason) || nodeOf(graph, digest).userTags.length > 0 ? [] : [digest];
    }),
  );
  const needed = reachableMask(
    graph,
    indicesWhere(graph, ({ version }) => !parts.has(version.digest)),
  );
  return new Set([...parts].filter((digest) => needed[graph.byDigest.get(digest) ?? -1] === 0));
}

/** Returns the plan as of the approved day, if it is the approved one. */
function asOfApproval(graph: Graph, policy: Policy, id: string, known: RecordedBefore): Approved | undefined {
  const plan = computePlan(graph, policy, { asOf: dayOfPlan(id), leftovers: known.still.parts });
  const reasons = openPart(plan, policy, known);
  const digests = Object.keys(reasons);
  if (idOf(graph, dayOfPlan(id), digests) !== id) return undefined;
  return { id, reasons, tags: tagsOf(graph, digests), gone: {}, goneTags: {}, leftovers: new Set() };
}

/** Versions pushed within this time before an index may be its parts, milliseconds. */
const maxPushMilliseconds = 600_000;

/**
 * Returns the approved plan of which a killed run deleted some versions without storing anything: the versions deleted since,
 * and the remaining ones. Which parts belong to a deleted image can only be guessed; the plan id proves the guess.
 */
function resumedApproval(graph: Graph, policy: Policy, id: string, known: RecordedBefore): Approved | undefined {
  const asOf = dayOfPlan(id);
  const gone = deletedSince(graph, asOf);
  if (gone.length === 0) return undefined;
  const orphans = graph.nodes.filter(({ role, userTags }) => role !== "child" && userTags.length === 0).map(({ version }) => version);
  const pushes = gone.map(({ createdAt }) => createdAt).sort((a, b) => a - b);
  const pushedBefore = ({ createdAt }: Version) =>
    (firstFrom(pushes, createdAt) ?? Number.POSITIVE_INFINITY) - createdAt <= maxPushMilliseconds;
  for (const parts of [[], orphans.filter(pushedBefore), orphans]) {
    const leftovers = new Set([...known.still.parts, ...parts.map(({ digest }) => digest)]);
    const reasons = openPart(computePlan(graph, policy, { asOf, leftovers }), policy, known);
    const members = [
      ...Object.keys(reasons).map((digest) => ({ digest, tags: nodeOf(graph, digest).userTags })),
      ...gone.map(({ digest, tags }) => ({ digest, tags: userTagsOf({ digest, tags }) })),
    ];
    if (planIdOf(graph.inventory.package, asOf, members) !== id) continue;
    const tags = members.flatMap((member) => member.tags).sort();
    return {
      id,
      reasons,
      tags,
      leftovers,
      goneTags: Object.fromEntries(gone.flatMap(({ digest, tags }) => tags.map((tag) => [tag, digestPrefix(digest)] as const))),
      gone: Object.fromEntries(gone.map(({ digest }) => [digest, { kind: "interrupted" }])),
    };
  }
  return undefined;
}

/** Returns the first of the sorted times that is not before `time`. */
function firstFrom(times: readonly number[], time: number): number | undefined {
  let low = 0;
  for (let high = times.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return times[low];
}

function deletedSince({ byDigest, inventory }: Graph, day: Day): readonly DeletedVersion[] {
  const since = startOf(day);
  return (inventory.deleted ?? []).filter(({ digest, deletedAt }) => !byDigest.has(digest) && (deletedAt ?? 0) >= since);
}
