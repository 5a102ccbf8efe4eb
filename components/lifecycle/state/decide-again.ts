import type { z } from "zod";
import { type Decision, decide } from "../../approval/decide";
import { approvedByPeople } from "../../approval/standing";
import type { Graph } from "../../graph/graph";
import type { Observed } from "../../plan/outcome";
import { parsePolicy } from "../../rules/parse-policy";
import type { Policy } from "../../rules/policy";
import { type Ledger, reasonsIn } from "./ledger";
import { approvalRecord, type StoredImages, type StoredPending, StoredRecord } from "./stored";
import type { StoredIds } from "./stored-plans";
import type { StoredReasons } from "./stored-reasons";
import { type StoredSeen, seenKey } from "./stored-seen";

/** The resource's inputs and outputs, as far as they are known. */
export interface ResourceOutputs {
  /** Known in a preview of changes; without changes the outputs are those of the last run. */
  readonly deletions?: StoredReasons | undefined;
  readonly plans?: Readonly<Record<string, StoredIds>>;
  readonly pending?: StoredPending | undefined;
  readonly [seenKey]?: StoredSeen | undefined;
  readonly deleted?: Readonly<Record<string, StoredImages>> | undefined;
  readonly restoring?: StoredReasons | undefined;
  readonly remaining?: StoredReasons | undefined;
  readonly refused?: StoredReasons | undefined;
  readonly notices?: readonly string[] | undefined;
  readonly noticeIds?: readonly string[] | undefined;
  readonly ledger?: Ledger | undefined;
  /** Why the last update failed. */
  readonly failure?: string | undefined;
  /** The approved plan in the inputs: the policy's own, or one that an organisation's approval covers. */
  readonly approve?: string | undefined;
}

export interface Decided {
  readonly decision: Decision;
  readonly policy: Policy;
}

/** Decides with a stored record, in which only approvals that stand are left. */
export function decideByRecord(stored: z.output<typeof StoredRecord>, graph: Graph, policy: Policy): Decision {
  return decide(graph, policy, approvalRecord(stored, graph.byDigest.keys()), approvedByPeople(stored.plans));
}

/** Decides again with the checked inputs as record: the same decision, except for its notices, with everything that inputs leave out. */
export function decideAgain(known: ResourceOutputs, { graph, policy: written }: Pick<Observed, "graph" | "policy">): Decided {
  const { ledger = {}, remaining = {}, deletions = { ...reasonsIn(ledger), ...remaining }, plans = {}, approve } = known;
  const { pending, deleted, restoring, [seenKey]: seen } = known;
  const stored = StoredRecord.parse({ deletions, plans, pending, deleted, restoring, [seenKey]: seen });
  const policy = parsePolicy({ ...written, approve });
  if (policy.approval === "required") return { policy, decision: decideByRecord(stored, graph, policy) };
  // What goes by itself in this run is on record by now, and what would go next is the next run's.
  const { approve: _onRecord, ...recorded } = { ...policy, approval: "required" as const };
  return { policy, decision: decide(graph, recorded, approvalRecord(stored, graph.byDigest.keys()), Object.keys(stored.plans)) };
}
