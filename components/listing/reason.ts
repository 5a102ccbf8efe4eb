import type { Graph } from "../graph/graph";
import type { PlannedDeletion } from "../plan/reasons";
import type { StayReason } from "../plan/stay-reason";
import type { ListedVersion } from "./plan-list";

type ListedReason = ListedVersion["reason"];

/** Returns why a version goes. */
export function goingReason({ nodes }: Graph, { reason, above }: PlannedDeletion): ListedReason {
  if (reason.kind !== "part") return { kind: reason.kind, as: null, of: null };
  return { kind: reason.kind, as: reason.as, of: nodes[above ?? -1]?.version.digest ?? null };
}

/** Returns why a version stays. */
export function stayingReason({ nodes }: Graph, reason: StayReason): ListedReason {
  if (reason.kind !== "needed") return { kind: reason.kind, as: null, of: null };
  return { kind: reason.kind, as: reason.chain.join(" of "), of: nodes[reason.keeper]?.version.digest ?? null };
}

/** Returns the rule that keeps a version, also through a referrer of it. */
export function keepRulesIn(reason: StayReason): string[] {
  if (reason.kind === "held-by-referrer") return keepRulesIn(reason.referrer);
  return reason.kind === "kept-by-rule" ? [reason.rule] : [];
}
