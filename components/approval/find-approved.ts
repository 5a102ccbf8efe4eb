import type { Graph, Node } from "../graph/graph";
import { userTagsOf } from "../graph/tag-schemes";
import type { DeletedVersion, Version } from "../model/inventory";
import { computePlan, type Plan } from "../plan/plan";
import { type Day, dayOfPlan, planIdOf, startOf } from "../plan/plan-id";
import { deletionReasons, isOfUntaggedImage } from "../plan/reasons";
import type { Limits, Policy } from "../rules/policy";
import { type Candidates, ripePart } from "./grace";
import {
  type ApprovalRecord,
  digestPrefix,
  idOf,
  nodeOf,
  type Pending,
  type Reasons,
  type StillThere,
  tagsOf,
  withTagsOnly,
} from "./record";

export interface Approved {
  readonly id: string;
  readonly reasons: Reasons;
  readonly tags: readonly string[];
  /** Approved and deleted already, by a run that could not store it. */
  readonly gone: Reasons;
  /** The tags of what is gone, each to its version as {@link DeletedImages} has it. */
  readonly goneTags: Readonly<Record<string, string>>;
  /** Approved parts whose image is among them. */
  readonly leftovers: ReadonlySet<string>;
}

/** What was recorded before. */
export interface RecordedBefore {
  readonly still: StillThere;
  readonly candidates: Candidates;
}

/** What the plan deletes, its grace is over, and no approval on record covers yet. */
export function openPart(plan: Plan, { grace }: Policy, { still, candidates }: RecordedBefore): Reasons {
  const ripe = grace === undefined ? plan.deletions : ripePart(plan.deletions, candidates, grace, plan.asOf, still.all);
  const reasons = deletionReasons(plan);
  const { nodes } = plan.deletions.graph;
  const entries = ripe.nodes().map((node) => [(nodes[node] as Node).version.digest, reasons.get(node)?.text ?? ""] as const);
  return Object.fromEntries(entries.filter(([digest]) => !still.all.has(digest)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The plan that the policy approves: on record, or the one that comes out the same as of its day. `undefined`: none, or void. */
export function findApproved(
  graph: Graph,
  policy: Policy,
  record: ApprovalRecord,
  today: Day,
  known: RecordedBefore,
): Approved | undefined {
  const id = policy.approve;
  if (id === undefined || record.plans[id] !== undefined) return undefined;
  if (record.pending?.id === id) return pendingApproval(graph, record.pending);
  if (dayOfPlan(id) > today) return undefined;
  return asOfApproval(graph, policy, id, known) ?? resumedApproval(graph, policy, id, known);
}

/** With `approval: automatic`: everything that is open. */
export function approveAll(graph: Graph, asOf: Day, open: Reasons): Approved {
  const digests = Object.keys(open);
  return { id: idOf(graph, asOf, digests), reasons: open, tags: tagsOf(graph, digests), gone: {}, goneTags: {}, leftovers: new Set() };
}

/** The plan on record, without what was tagged since. */
function pendingApproval(graph: Graph, { id, deletions, tags: tagMap }: Pending): Approved {
  const tags = Object.keys(tagMap);
  const left = withTagsOnly(graph, Object.keys(deletions), tags);
  const gone = deletedSince(graph, dayOfPlan(id)).filter(({ digest }) => deletions[digest] !== undefined);
  const reasonsOf = (digests: readonly string[]) => Object.fromEntries(digests.map((digest) => [digest, deletions[digest] ?? ""]));
  const isPart = (digest: string) =>
    gone.length > 0 && nodeOf(graph, digest).userTags.length === 0 && !isOfUntaggedImage(deletions[digest] ?? "");
  const goneDigits = new Set(gone.map(({ digest }) => digestPrefix(digest)));
  return {
    id,
    tags,
    reasons: reasonsOf(left),
    gone: reasonsOf(gone.map(({ digest }) => digest)),
    goneTags: Object.fromEntries(Object.entries(tagMap).filter(([, digits]) => goneDigits.has(digits))),
    leftovers: new Set(left.filter(isPart)),
  };
}

/** The plan as of the approved day, if it is the approved one. */
function asOfApproval(graph: Graph, policy: Policy, id: string, known: RecordedBefore): Approved | undefined {
  const plan = computePlan(graph, policy, { asOf: dayOfPlan(id), leftovers: known.still.parts });
  const reasons = openPart(plan, policy, known);
  const digests = Object.keys(reasons);
  if (idOf(graph, dayOfPlan(id), digests) !== id) return undefined;
  return { id, reasons, tags: tagsOf(graph, digests), gone: {}, goneTags: {}, leftovers: new Set() };
}

/** Versions pushed no longer than this before an index may be its parts, milliseconds. */
const maxPushMilliseconds = 600_000;

/**
 * The approved plan where a run that was killed has carried out a part of it and stored nothing: what was deleted since,
 * and what is left. What is left of an image that is gone can only be guessed, and the plan id proves a guess.
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
      // The guess held more than the plan did; nothing else may pass for a part of what is gone.
      leftovers: new Set([...leftovers].filter((digest) => reasons[digest] !== undefined)),
      goneTags: Object.fromEntries(gone.flatMap(({ digest, tags }) => tags.map((tag) => [tag, digestPrefix(digest)] as const))),
      gone: Object.fromEntries(gone.map(({ digest }) => [digest, "deleted by a run that was cut off"])),
    };
  }
  return undefined;
}

/** The first of the sorted times that is not before this one. */
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

/** Why nothing came of an approval that the config names. */
export function whyVoid(id: string, today: Day): string {
  if (dayOfPlan(id) > today) return `its day is still to come (today is ${today})`;
  return "the rules or the package changed since, and what would go now is not what was approved";
}

/** Why nobody can approve a plan of so many versions. */
export function breachOf({ percent }: Limits, count: number, graph: Graph): string | undefined {
  const total = graph.nodes.length;
  if (count * 100 <= percent * total) return undefined;
  const share = (Math.ceil((count * 1000) / total) / 10).toFixed(1);
  return `it deletes ${share}% of the package's ${total} versions, and limits.percent allows ${percent}%`;
}

/** Why a plan does not go by itself with `approval: automatic`: what is out of the ordinary wants a person. */
export function whyNotAutomatic(limits: Limits, count: number, graph: Graph): string | undefined {
  const { deletions } = limits;
  if (count <= deletions) return breachOf(limits, count, graph);
  return `it deletes ${count} versions, ${count - deletions} more than limits.deletions allows in one run (${deletions})`;
}
