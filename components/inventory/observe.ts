import type { Graph } from "../graph/graph";
import type { PackageName } from "../model/inventory";
import { computePlan, type Plan } from "../plan/plan";
import { type Day, dayOf } from "../plan/plan-id";
import { renewalIn, withPushTimes } from "../plan/renewed-stamps";
import type { Policy } from "../rules/policy";
import type { Connection } from "./connection";
import { type InventoryOptions, type Observation, takeInventory } from "./take-inventory";

export interface ObserveOptions extends Omit<InventoryOptions, "manifestsToRead"> {
  /** The plans that the observation is for, computed from what has been read so far. Pure. */
  readonly plans: (graph: Graph) => readonly Pick<Plan, "unread">[];
}

/** Observes a package for plans: takes its inventory, and reads every manifest on which one of the plans depends. */
export function observe(connection: Connection, name: PackageName, { plans, ...options }: ObserveOptions): Promise<Observation> {
  const manifestsToRead = (graph: Graph) => [...new Set(plans(graph).flatMap(({ unread }) => unread))];
  return takeInventory(connection, name, { ...options, manifestsToRead });
}

/** A policy's plans as of today and as of other days, for all that the record of earlier runs may let go. */
export function plansAsOf(observed: Graph, policy: Policy, days: readonly Day[] = []): Plan[] {
  const renewal = renewalIn(observed);
  const graph = renewal === undefined ? observed : withPushTimes(observed, renewal, 0);
  return [dayOf(graph.inventory.now), ...days].map((asOf) => computePlan(graph, policy, { asOf }));
}
