import { dayOfPlan } from "../plan/plan-id";
import type { Policy } from "../rules/policy";
import { type Eligible, findApproved, type Situation } from "./find-approved";
import type { VoidCause } from "./notice";
import { policyChanges } from "./policy-changes";
import type { ApprovalRecord, Pending, Replaced } from "./record";

/** Finds out why nothing is known as an approved plan. `written`: the policy without what `restore` protects. */
export function whyVoid(situation: Situation, eligible: Eligible, written: Policy, { id, waiting }: VoidApproval): VoidCause {
  const { policy, record, today } = situation;
  if (dayOfPlan(id) > today) return { kind: "future-day", today };
  const replaced = record.replaced?.[id];
  if (replaced !== undefined) {
    const { changes, ...sizes } = replaced;
    return changes.length > 0 ? { kind: "rules-changed", changes } : { kind: "set-changed", ...sizes };
  }
  const since = record.policy === undefined ? [] : policyChanges(record.policy, written);
  if (record.policy !== undefined && since.length > 0) {
    const protect = [...record.policy.protect, ...policy.protect.slice(written.protect.length)];
    const before: Policy = { ...record.policy, protect, approve: id };
    if (findApproved({ ...situation, policy: before }, eligible, []) !== undefined) return { kind: "rules-changed", changes: since };
  }
  return { kind: "not-on-record", ...(waiting === undefined ? {} : { waiting: waiting.id }) };
}

/** An approval that approves nothing, and the plan that waits instead. */
export interface VoidApproval {
  readonly id: string;
  readonly waiting: Pending | undefined;
}

/** Enough for weeks of plans that change from night to night. */
const maxReplaced = 20;

/** Remembers a plan that no longer waits and that nobody approved, and what took its place. */
export function replacedPlans(
  { pending: before, replaced = {}, policy }: ApprovalRecord,
  pending: Pending | undefined,
  { plans, written }: { readonly plans: ApprovalRecord["plans"]; readonly written: Policy },
): Readonly<Record<string, Replaced>> {
  const others = Object.entries(replaced).filter(([id]) => id !== pending?.id && plans[id] === undefined);
  if (before === undefined || before.id === pending?.id || plans[before.id] !== undefined) return Object.fromEntries(others);
  const now = pending?.deletions ?? {};
  const entry: Replaced = {
    ...(pending ? { by: pending.id } : {}),
    came: Object.keys(now).filter((digest) => before.deletions[digest] === undefined).length,
    went: Object.keys(before.deletions).filter((digest) => now[digest] === undefined).length,
    changes: policy === undefined ? [] : policyChanges(policy, written),
  };
  return Object.fromEntries([...others.filter(([id]) => id !== before.id), [before.id, entry] as const].slice(-maxReplaced));
}
