import type { Decision } from "../approval/decide";
import { approvedDigests } from "../approval/done";
import { inGrace } from "../approval/in-grace";
import type { TokenNotice } from "../diagnosis/token-notices";
import type { Decided, ResourceOutputs } from "../lifecycle/state/decide-again";
import { divideLedger } from "../lifecycle/state/ledger";
import { breachText } from "../messages/limit-breach";
import type { FailedObservation, PolicyError } from "../plan/outcome";
import { type Day, dayOfPlan } from "../plan/plan-id";
import { type FreedStorage, sumOfFreed } from "../plan/storage";
import type { Policy } from "../rules/policy";
import type { RaiseWith } from "./approval-line";
import { faultOf } from "./fault";
import type { FreedByPlans } from "./freed-storage";
import { tokenNoticesOf } from "./token-notices";

/** The status of a package. */
export interface PackageStatus {
  /** `left-out`: not part of the run. */
  readonly state: "failed" | "refused" | "waiting" | "approved" | "grace" | "quiet" | "unknown" | "left-out";
  readonly versions: number;
  /** Approved and not deleted yet, and waiting for approval. */
  readonly planned: number;
  /** What the planned versions free; absent where there are none, and where nothing is known of that. */
  readonly storage?: FreedStorage;
  readonly withheld: number;
  /** Deleted under the policy, and restorable. */
  readonly deleted: number;
  /** The plan that waits, or that nobody can approve. */
  readonly plan?: string;
  /** Whether that plan is within the limits. */
  readonly canBeApproved?: boolean;
  /** Versions that wait out their grace, and the day from which the first of them may go. */
  readonly grace?: { readonly versions: number; readonly from: Day };
  /** What this run's token cannot do for the plan. */
  readonly tokenNotices?: readonly TokenNotice[];
  /** Why the run fails, or why nobody can approve the plan. */
  readonly why?: string;
  /** The lines that raise the limit that the plan exceeds. */
  readonly raiseWith?: readonly string[];
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

export interface StatusContext {
  readonly frees: FreedByPlans;
  /** Returns the lines that raise a limit far enough. */
  readonly raiseWith?: RaiseWith | undefined;
}

/** Returns the status as a preview expects it, or as an update left it. Pure. */
export function statusOf(known: ResourceOutputs, { decision, policy }: Decided, { frees, raiseWith }: StatusContext): PackageStatus {
  const { ledger = {}, refused = {}, failure = faultOf(known, policy)?.summary } = known;
  const { graph } = decision.plan.deletions;
  const { pending } = decision;
  const { deleted, gone } = divideLedger(ledger, graph);
  const going = approvedDigests(decision, { refused, ledger });
  const storage = sumOfFreed(Object.values(frees));
  const tokenNotices = tokenNoticesOf(decision);
  const grace = graceOf(decision, policy);
  const status = {
    deleted: deleted.length + gone.length,
    versions: graph.nodes.length - deleted.length,
    planned: going.length + Object.keys(pending?.deletions ?? {}).length,
    ...(storage === undefined ? {} : { storage }),
    withheld: decision.plan.withheld.length,
    ...(pending === undefined ? {} : { plan: pending.id, canBeApproved: pending.refused === undefined }),
    ...(grace === undefined ? {} : { grace }),
    ...(tokenNotices.length === 0 ? {} : { tokenNotices }),
  };
  if (failure !== undefined) return { ...status, state: "failed", why: failure };
  if (pending?.refused !== undefined) {
    const raise = raiseWith?.(pending.refused) ?? [];
    return { ...status, state: "refused", why: breachText(pending.refused), raiseWith: raise };
  }
  if (pending !== undefined) return { ...status, state: "waiting" };
  if (going.length > 0) return { ...status, state: "approved" };
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
