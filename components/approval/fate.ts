import type { DeletionReason } from "../plan/deletion-reason";
import type { Day } from "../plan/plan-id";
import { deletionReasons, type PlannedDeletion } from "../plan/reasons";
import type { StayReason } from "../plan/stay-reason";
import { reasonToStay } from "../plan/withheld";
import type { Policy } from "../rules/policy";
import type { Decision } from "./decide";
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
  | { readonly kind: "refused"; readonly answer: string }
  | { readonly kind: "stays"; readonly reason: StayReason };

/** Digest to GitHub's answer, for approved deletions that GitHub refused. */
export type RefusedDeletions = Readonly<Record<string, string>>;

/** Returns the digests that the next `pulumi up` deletes. */
export function approvedDigests({ going }: Decision, refused: RefusedDeletions): string[] {
  return going.digests().filter((digest) => refused[digest] === undefined);
}

/** Returns what becomes of a version: of each the same as the paragraphs of a preview say. */
export function fateOf(decision: Decision, policy: Policy, refused: RefusedDeletions, node: number): Fate {
  const { plan, pending } = decision;
  const version = plan.deletions.graph.nodes[node]?.version;
  const planned = deletionReasons(plan).get(node);
  if (version === undefined || planned === undefined) return { kind: "stays", reason: stayReasonOf(decision, node) };
  const { digest, id } = version;
  if (decision.going.has(node)) {
    const answer = refused[digest];
    if (answer !== undefined) return { kind: "refused", answer };
    const covering = Object.entries(decision.plans).find(([, { images, parts }]) => images.includes(id) || parts.includes(id))?.[0];
    return { kind: "goes", planned, ...(covering === undefined ? {} : { plan: covering }) };
  }
  if (pending?.deletions[digest] !== undefined) {
    if (pending.refused === undefined) return { kind: "waits", plan: pending.id, planned };
    return { kind: "cannot-be-approved", plan: pending.id, breach: pending.refused, planned };
  }
  const due = inGrace(decision, policy).due.get(digest);
  return due === undefined ? { kind: "stays", reason: stayReasonOf(decision, node) } : { kind: "in-grace", due, planned };
}

/** What is withheld stays for the reason that the preview's table gives. */
function stayReasonOf({ plan }: Decision, node: number): StayReason {
  return plan.withheld.find((withheld) => withheld.node === node)?.because ?? reasonToStay(plan, node);
}

/** Returns why a version goes, where it does in the end. */
export function reasonOf(fate: Fate): DeletionReason | undefined {
  return "planned" in fate ? fate.planned.reason : undefined;
}
