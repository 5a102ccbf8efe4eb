import { type Graph, indicesWhere, type Node } from "../graph/graph";
import { reachableMask } from "../graph/reachability";
import { userTagsOf } from "../graph/tag-schemes";
import type { DeletedVersion, Version } from "../model/inventory";
import { type DeletionReason, kindOf, pick, type Reasons } from "../plan/deletion-reason";
import { computePlan, type Plan, type PlanPolicy } from "../plan/plan";
import { type Day, dayOfPlan, planIdOf, startOf } from "../plan/plan-id";
import { deletionReasons } from "../plan/reasons";
import type { Policy } from "../rules/policy";
import { type Candidates, ripePart } from "./grace";
import { type ApprovalRecord, digestPrefix, idOf, nodeOf, type Pending, type StillThere, tagsOf, withTagsOnly } from "./record";

/** An approved plan and its remaining versions. */
export interface Approved {
  readonly id: string;
  readonly reasons: Reasons;
  /** All digests that it covers and that no run deleted, as far as they are known: also what may not go today. */
  readonly covers: readonly string[];
  readonly tags: readonly string[];
  /** Approved and deleted already, by a run that could not store it. */
  readonly gone: Reasons;
  /** Tags of the versions in `gone`, each mapped to its version's {@link digestPrefix}. */
  readonly goneTags: Readonly<Record<string, string>>;
  /** Approved parts whose image is in `gone`. */
  readonly leftovers: ReadonlySet<string>;
  /** The plans that it goes on with. */
  readonly continues: readonly string[];
  /** Nobody approved it: the policy lets plans go by themselves. */
  readonly automatic?: true;
}

/** Versions that approvals on record still cover, and the days on which candidates were recorded. */
export interface RecordedBefore {
  readonly still: StillThere;
  readonly candidates: Candidates;
}

/** A package, its policy, and the stack's record of it. */
export interface Situation {
  readonly graph: Graph;
  readonly policy: Policy & PlanPolicy;
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

/** What approvals on record still cover, and the plan that follows from it. */
export interface Eligible {
  readonly still: StillThere;
  readonly plan: Plan;
}

/** What a plan that was shown and not recorded may have depended on. */
export interface Shown extends RecordedBefore {
  /** The plans that were being carried out then. */
  readonly continues: readonly string[];
}

/** Finds the plan that the policy approves: on record, or one that comes out the same as of its day. `undefined`: none, or void. */
export function findApproved(
  { graph, policy, record, today }: Situation,
  { still, plan }: Eligible,
  continues: readonly string[],
): Approved | undefined {
  const id = policy.approve;
  if (id === undefined || record.plans[id] !== undefined) return undefined;
  if (record.pending?.id === id) return pendingApproval(graph, record.pending);
  if (dayOfPlan(id) > today) return undefined;
  for (const candidates of candidatesThen(policy, record.candidates ?? {}, plan)) {
    const shown = { still, candidates, continues };
    const approved = asOfApproval(graph, policy, id, shown) ?? resumedApproval(graph, policy, id, shown);
    if (approved !== undefined) return withoutRecorded(approved, record);
  }
  return undefined;
}

/** The same plan may have been carried out under the id of another day: what that run deleted is on record, with its images. */
function withoutRecorded(approved: Approved, { deletions, restoring }: ApprovalRecord): Approved {
  const gone = Object.entries(approved.gone).filter(([digest]) => (deletions[digest] ?? restoring?.[digest]) === undefined);
  const prefixes = new Set(gone.map(([digest]) => digestPrefix(digest)));
  const goneTags = Object.entries(approved.goneTags).filter(([, prefix]) => prefixes.has(prefix));
  return { ...approved, gone: Object.fromEntries(gone), goneTags: Object.fromEntries(goneTags) };
}

/**
 * Returns the candidates that a preview may have known: those on record, and those that this run leaves there, since the grace of a
 * version that may not go today starts over. The next run knows only the latter, and must find the same plan.
 */
function candidatesThen({ grace }: Policy, candidates: Candidates, { deletions }: Plan): Candidates[] {
  if (grace === undefined) return [candidates];
  const mayGo = new Set(deletions.digests());
  const left = Object.entries(candidates).filter(([digest]) => mayGo.has(digest));
  return left.length === Object.keys(candidates).length ? [candidates] : [candidates, Object.fromEntries(left)];
}

/** Approves everything that is open, as `approval: automatic` does. */
export function approveAll(graph: Graph, asOf: Day, open: Reasons): Approved {
  const digests = Object.keys(open);
  const id = idOf(graph, asOf, digests);
  const none = { gone: {}, goneTags: {}, leftovers: new Set<string>(), continues: [] };
  return { id, reasons: open, covers: digests, tags: tagsOf(graph, digests), ...none, automatic: true };
}

/** Returns the plan on record without the versions that were tagged since. */
function pendingApproval(graph: Graph, { id, deletions, tags: tagMap, continues = [] }: Pending): Approved {
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
    covers: Object.keys(deletions),
    gone,
    goneTags: Object.fromEntries(Object.entries(tagMap).filter(([, prefix]) => gonePrefixes.has(prefix))),
    leftovers: gonePrefixes.size === 0 ? new Set() : orphanedParts(graph, reasons),
    continues,
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
function asOfApproval(graph: Graph, policy: Policy, id: string, shown: Shown): Approved | undefined {
  const { still, continues } = shown;
  const plan = computePlan(graph, policy, { asOf: dayOfPlan(id), leftovers: still.parts });
  const reasons = openPart(plan, policy, shown);
  const digests = Object.keys(reasons);
  if (idOf(graph, dayOfPlan(id), digests, continues) !== id) return undefined;
  return { id, reasons, covers: digests, tags: tagsOf(graph, digests), gone: {}, goneTags: {}, leftovers: new Set(), continues };
}

/** Versions pushed within this time before an index may be its parts, milliseconds. */
const maxPushMilliseconds = 600_000;

/**
 * Returns the approved plan of which a killed run deleted some versions without storing anything: the versions deleted since,
 * and the remaining ones. Which parts belong to a deleted image can only be guessed; the plan id proves the guess.
 */
function resumedApproval(graph: Graph, policy: Policy, id: string, shown: Shown): Approved | undefined {
  const asOf = dayOfPlan(id);
  const gone = deletedSince(graph, asOf);
  if (gone.length === 0) return undefined;
  const orphans = graph.nodes.filter(({ role, userTags }) => role !== "child" && userTags.length === 0).map(({ version }) => version);
  const pushes = gone.map(({ createdAt }) => createdAt).sort((a, b) => a - b);
  const pushedBefore = ({ createdAt }: Version) =>
    (firstFrom(pushes, createdAt) ?? Number.POSITIVE_INFINITY) - createdAt <= maxPushMilliseconds;
  for (const parts of [[], orphans.filter(pushedBefore), orphans]) {
    const leftovers = new Set([...shown.still.parts, ...parts.map(({ digest }) => digest)]);
    const reasons = openPart(computePlan(graph, policy, { asOf, leftovers }), policy, shown);
    const members = [
      ...Object.keys(reasons).map((digest) => ({ digest, tags: nodeOf(graph, digest).userTags })),
      ...gone.map(({ digest, tags }) => ({ digest, tags: userTagsOf({ tags }) })),
    ];
    if (planIdOf(graph.inventory.package, asOf, members, shown.continues) !== id) continue;
    const tags = members.flatMap((member) => member.tags).sort();
    return {
      id,
      reasons,
      covers: Object.keys(reasons),
      tags,
      leftovers,
      continues: shown.continues,
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
