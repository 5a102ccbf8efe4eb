import type { Graph } from "../graph/graph";
import { dayOf } from "../plan/plan-id";
import type { Policy } from "../rules/policy";
import { type Asked, dropIneligible, dropKeptLeftovers } from "./eligible";
import { type Approved, type Eligible, findApproved, openPart, type Situation } from "./find-approved";
import { mergeImages } from "./found";
import { goThemselves } from "./limits";
import type { Notice } from "./notice";
import type { ApprovalRecord } from "./record";
import { imagesOfApproved, type RestorePlan, resolveRestore } from "./restore-references";
import { endOthers, namedApprovals } from "./standing";

/** A run's situation, and what its config approves and restores. */
export interface Start {
  readonly situation: Situation;
  readonly eligible: Eligible;
  readonly found: Approved | undefined;
  readonly restore: RestorePlan;
  /** Says which approvals the config no longer names. */
  readonly ended: readonly Notice[];
}

/** Finds what the config approves and what it restores. `restore` may name what an interrupted run deleted, which no record holds yet. */
export function situate(graph: Graph, written: Policy, recorded: ApprovalRecord, named: readonly string[]): Start {
  const today = dayOf(graph.inventory.now);
  const start = (record: ApprovalRecord, restore = resolveRestore(graph, record, written.restore)) => {
    const policy = { ...written, protect: [...written.protect, ...restore.protect], restored: restore.protect };
    const situation = { graph, policy, record, today };
    return { situation, eligible: dropIneligible(situation), restore };
  };
  const standing = namedApprovals(recorded, named);
  const begin = (continues: readonly string[]) => {
    const { record, notices } = endOthers(graph, recorded, written, new Set([...standing, ...continues]));
    const begun = start(record);
    return { ...begun, ended: notices, found: findApproved(begun.situation, begun.eligible, continues) };
  };
  let first = begin([]);
  for (const continues of first.found === undefined ? mayContinue(recorded, written) : []) {
    const next = begin(continues);
    if (next.found === undefined) continue;
    first = next;
    break;
  }
  const { situation, eligible, found } = first;
  if (found === undefined || Object.keys(found.gone).length === 0) return first;
  const asked = dropKeptLeftovers(situation, eligible, found);
  const known = { still: eligible.still, candidates: situation.record.candidates ?? {} };
  const open = openPart(asked.plan, situation.policy, known);
  if (goThemselves(situation.policy, Object.keys(open).length, graph)) return first;
  const withGone = withInterruptedRun(situation.record, asked);
  return { ...first, ...start(situation.record, resolveRestore(graph, withGone, written.restore)) };
}

/** Returns the plans that were perhaps being carried out when the approved one was shown, which is on no record: its id proves which. */
function mayContinue({ plans, pending }: ApprovalRecord, { approve }: Policy): string[][] {
  if (approve === undefined || plans[approve] !== undefined || pending?.id === approve) return [];
  const ids = Object.keys(plans);
  const single = ids.map((id) => [id]);
  return ids.length > 1 ? [ids, ...single] : single;
}

/** Puts on record what an interrupted run deleted. */
function withInterruptedRun(record: ApprovalRecord, { found, plan }: Asked): ApprovalRecord {
  return {
    ...record,
    deletions: { ...record.deletions, ...found.gone },
    // Where the record holds the plan's images from before, it knows which part belongs to which.
    deleted: mergeImages(record.deleted ?? {}, { [found.id]: imagesOfApproved(plan, found) }),
  };
}
