import type { Graph, Node } from "../graph/graph";
import type { Limits, Policy } from "../rules/policy";
import { type ApprovalRecord, idOf, type Pending, type Reasons, type StillThere, tagsOf, withTagsOnly } from "./approval-record";
import { type Candidates, ripePart } from "./grace";
import { computePlan, type Plan } from "./plan";
import { type Day, dayOfPlan } from "./plan-id";
import { deletionReasons } from "./reasons";

export interface Approved {
  readonly id: string;
  readonly reasons: Reasons;
  readonly tags: readonly string[];
}

/** What was recorded before. */
export interface Known {
  readonly still: StillThere;
  readonly candidates: Candidates;
}

/** What the plan deletes, its grace is over, and no approval on record covers yet. */
export function openPart(plan: Plan, { grace }: Policy, { still, candidates }: Known): Reasons {
  const ripe = grace === undefined ? plan.deletions : ripePart(plan.deletions, candidates, grace, plan.asOf, still.all);
  const reasons = deletionReasons(plan);
  const { nodes } = plan.deletions.graph;
  const entries = ripe.nodes().map((node) => [(nodes[node] as Node).version.digest, reasons.get(node)?.text ?? ""] as const);
  return Object.fromEntries(entries.filter(([digest]) => !still.all.has(digest)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The plan that the policy approves, as far as it may be honoured; says in `notices` why not. */
export function findApproved(
  graph: Graph,
  policy: Policy,
  record: ApprovalRecord,
  plan: Plan,
  open: Reasons,
  known: Known,
  notices: string[],
): Approved | undefined {
  if (policy.approval === "automatic") {
    const digests = Object.keys(open);
    if (digests.length === 0 || breachOf(policy.limits, digests.length, graph) !== undefined) return undefined;
    return { id: idOf(graph, plan.asOf, digests), reasons: open, tags: tagsOf(graph, digests) };
  }
  const id = policy.approve;
  if (id === undefined || record.plans[id] !== undefined) return undefined;
  const approved = record.pending?.id === id ? pendingApproval(graph, record.pending) : asOfApproval(graph, policy, id, plan.asOf, known);
  if (approved === undefined) {
    notices.push(`approval ${id} is void: ${whyVoid(id, plan.asOf)}; nothing is deleted under it`);
    return undefined;
  }
  const asked = Object.keys(approved.reasons);
  const covered = known.still.all;
  const mayGo = plan.deletions.narrowedTo(new Set([...covered, ...asked.filter((digest) => open[digest] !== undefined)]));
  const free = mayGo.digests().filter((digest) => !covered.has(digest));
  const count = free.length;
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
  return { ...approved, reasons: Object.fromEntries(free.map((digest) => [digest, approved.reasons[digest] ?? ""])) };
}

/** The plan on record, without what was tagged or went since. */
function pendingApproval(graph: Graph, { id, deletions, tags }: Pending): Approved {
  const left = withTagsOnly(graph, Object.keys(deletions), tags);
  return { id, tags, reasons: Object.fromEntries(left.map((digest) => [digest, deletions[digest] ?? ""])) };
}

/** The plan as of the approved day, if it is the approved one. */
function asOfApproval(graph: Graph, policy: Policy, id: string, today: Day, known: Known): Approved | undefined {
  const asOf = dayOfPlan(id);
  if (asOf > today) return undefined;
  const reasons = openPart(computePlan(graph, policy, { asOf, leftovers: known.still.parts }), policy, known);
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
