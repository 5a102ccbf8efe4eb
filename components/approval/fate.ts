import type { Day } from "../plan/plan-id";
import { deletionReasons, type PlannedDeletion } from "../plan/reasons";
import type { StayReason } from "../plan/stay-reason";
import { reasonsToStay } from "../plan/withheld";
import type { Policy } from "../rules/policy";
import type { Decision } from "./decide";
import type { Done } from "./done";
import { inGrace } from "./in-grace";
import type { LimitBreach } from "./limits";

/** What a decision does with a version of the package. */
export type Fate =
  /** Approved: the next `pulumi up` deletes it. `plan` is absent where the record does not tell which of its approvals covers it. */
  | { readonly kind: "goes"; readonly plan?: string; readonly planned: PlannedDeletion }
  | { readonly kind: "waits"; readonly plan: string; readonly planned: PlannedDeletion }
  | { readonly kind: "cannot-be-approved"; readonly plan: string; readonly breach: LimitBreach; readonly planned: PlannedDeletion }
  /** `due`: the day from which it may be planned. */
  | { readonly kind: "in-grace"; readonly due: Day; readonly planned: PlannedDeletion }
  /** Approved, and GitHub refused to delete it, or it stays with one that GitHub refused. */
  | { readonly kind: "refused"; readonly answer: string; readonly plan?: string; readonly planned: PlannedDeletion }
  /** Deleted under an approval that still stands, and restored since: it takes another approval to delete it again. */
  | { readonly kind: "restored"; readonly plan?: string; readonly planned: PlannedDeletion }
  | { readonly kind: "stays"; readonly reason: StayReason };

/** Returns a function that says what becomes of a version: of each the same as the paragraphs of a preview say. It looks at the package once. */
export function fatesOf(decision: Decision, policy: Policy, { refused, ledger }: Done): (node: number) => Fate {
  const { plan, pending, going } = decision;
  const { nodes } = plan.deletions.graph;
  const reasons = deletionReasons(plan);
  const reasonToStay = reasonsToStay(plan);
  const { due } = inGrace(decision, policy);
  const approvals = Object.entries(decision.plans).reverse();
  const covering = new Map(approvals.flatMap(([id, { images, parts }]) => [...images, ...parts].map((version) => [version, id])));
  const stays = (node: number): Fate => ({ kind: "stays", reason: reasonToStay(node) });

  return (node) => {
    const version = nodes[node]?.version;
    const planned = reasons.get(node);
    if (version === undefined || planned === undefined) return stays(node);
    const { digest, id } = version;
    if (going.has(node)) {
      const by = covering.get(id);
      const approved = { planned, ...(by === undefined ? {} : { plan: by }) };
      if (ledger[digest] !== undefined) return { kind: "restored", ...approved };
      const answer = refused[digest];
      return answer === undefined ? { kind: "goes", ...approved } : { kind: "refused", answer, ...approved };
    }
    if (pending?.deletions[digest] !== undefined) {
      if (pending.refused === undefined) return { kind: "waits", plan: pending.id, planned };
      return { kind: "cannot-be-approved", plan: pending.id, breach: pending.refused, planned };
    }
    const day = due.get(digest);
    return day === undefined ? stays(node) : { kind: "in-grace", due: day, planned };
  };
}
