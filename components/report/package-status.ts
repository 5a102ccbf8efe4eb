import type { Decision } from "../approval/decide";
import { inGrace } from "../approval/in-grace";
import type { TokenNotice } from "../diagnosis/token-notices";
import type { Decided, ResourceOutputs } from "../lifecycle/state/decide-again";
import { breachText } from "../messages/limit-breach";
import type { FailedObservation, PolicyError } from "../plan/outcome";
import { type Day, dayOfPlan } from "../plan/plan-id";
import type { Policy } from "../rules/policy";
import { tokenNoticesOf } from "./token-notices";

/** The status of a package. */
export interface PackageStatus {
  /** `left-out`: not part of the run. */
  readonly state: "failed" | "refused" | "waiting" | "approved" | "grace" | "quiet" | "unknown" | "left-out";
  readonly versions: number;
  /** Approved and not deleted yet, and waiting for approval. */
  readonly planned: number;
  readonly withheld: number;
  /** Deleted under the policy, and restorable. */
  readonly deleted: number;
  /** The plan that waits, or that nobody can approve. */
  readonly plan?: string;
  /** Versions that wait out their grace, and the day from which the first of them may go. */
  readonly grace?: { readonly versions: number; readonly from: Day };
  /** What this run's token cannot do for the plan. */
  readonly tokenNotices?: readonly TokenNotice[];
  /** Why the update failed, or why nobody can approve the plan. */
  readonly why?: string;
}

/** With a package of an organisation. */
export interface NamedStatus extends PackageStatus {
  readonly package: string;
}

/** Returns the status of a package that was not observed, or whose observation is not known yet. Pure. */
export function unobservedStatus({ ledger = {} }: ResourceOutputs, outcome: PolicyError | FailedObservation | undefined): PackageStatus {
  const nothing = { versions: 0, planned: 0, withheld: 0, deleted: Object.keys(ledger).length };
  if (outcome === undefined) return { ...nothing, state: "unknown" };
  return { ...nothing, state: "failed", why: outcome.kind === "invalid" ? outcome.policyError : outcome.observationError };
}

/** Returns the status as a preview expects it, or as an update left it. Pure. */
export function statusOf({ ledger = {}, failure, refused = {} }: ResourceOutputs, { decision, policy }: Decided): PackageStatus {
  const { graph } = decision.plan.deletions;
  const { pending } = decision;
  const goneSince = Object.keys(ledger).filter((digest) => graph.byDigest.has(digest)).length;
  const going = decision.going.digests().filter((digest) => refused[digest] === undefined && ledger[digest] === undefined).length;
  const tokenNotices = tokenNoticesOf(decision);
  const grace = graceOf(decision, policy);
  const status = {
    deleted: Object.keys(ledger).length,
    versions: graph.nodes.length - goneSince,
    planned: going + Object.keys(pending?.deletions ?? {}).length,
    withheld: decision.plan.withheld.length,
    ...(pending === undefined ? {} : { plan: pending.id }),
    ...(grace === undefined ? {} : { grace }),
    ...(tokenNotices.length === 0 ? {} : { tokenNotices }),
  };
  if (failure !== undefined) return { ...status, state: "failed", why: failure };
  if (pending?.refused !== undefined) return { ...status, state: "refused", why: breachText(pending.refused) };
  if (pending !== undefined) return { ...status, state: "waiting" };
  if (going > 0) return { ...status, state: "approved" };
  return { ...status, state: grace === undefined ? "quiet" : "grace" };
}

function graceOf(decision: Decision, policy: Policy): PackageStatus["grace"] {
  const { digests, due } = inGrace(decision, policy);
  const [from] = [...due.values()].sort();
  return from === undefined ? undefined : { versions: digests.length, from };
}

const order = ["failed", "refused", "waiting", "approved", "grace", "unknown", "left-out", "quiet"] as const;

/** Orders statuses by urgency: failed, refused, waiting with the oldest plan first, approved, in grace, then the rest. */
export function byUrgency(a: NamedStatus, b: NamedStatus): number {
  const day = ({ plan }: NamedStatus) => (plan === undefined ? "9999" : dayOfPlan(plan));
  return (
    order.indexOf(a.state) - order.indexOf(b.state) || compare(day(a), day(b)) || b.planned - a.planned || compare(a.package, b.package)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
