import type { Graph } from "../graph/graph";
import type { Limits, Policy } from "../rules/policy";

/** A bound of `limits` that a plan exceeds. */
export type LimitBreach =
  | { readonly kind: "percent"; readonly deletes: number; readonly total: number; readonly percent: number }
  | { readonly kind: "deletions"; readonly deletes: number; readonly limit: number };

/** Returns the bound that keeps anybody from approving a plan of `deletes` versions; `undefined` where none does. */
export function breachOf({ percent }: Limits, deletes: number, graph: Graph): LimitBreach | undefined {
  const total = graph.nodes.length;
  return deletes * 100 <= percent * total ? undefined : { kind: "percent", deletes, total, percent };
}

/** Returns the value of the exceeded limit with which the plan would be within it. */
export function sufficient(breach: LimitBreach): number {
  return breach.kind === "deletions" ? breach.deletes : Math.min(100, Math.ceil((breach.deletes * 100) / breach.total));
}

/** Reports whether so many deletions go by the policy itself, so that no approval counts. */
export function goThemselves({ approval, limits }: Pick<Policy, "approval" | "limits">, deletes: number, graph: Graph): boolean {
  return approval === "automatic" && (deletes === 0 || automaticBreachOf(limits, deletes, graph) === undefined);
}

/** Returns the bound that keeps a plan from going by itself with `approval: automatic`: an unusual plan needs a person. */
export function automaticBreachOf(limits: Limits, deletes: number, graph: Graph): LimitBreach | undefined {
  if (deletes <= limits.deletions) return breachOf(limits, deletes, graph);
  return { kind: "deletions", deletes, limit: limits.deletions };
}
