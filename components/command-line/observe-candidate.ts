import type { Graph } from "../graph/graph";
import type { Connection } from "../inventory/connection";
import { takeInventory } from "../inventory/take-inventory";
import { ConfigError, RetentionError } from "../model/errors";
import type { PackageName } from "../model/inventory";
import type { ObserveProgress } from "../observe/progress";
import { computePlan } from "../plan/plan";
import { dayOf } from "../plan/plan-id";
import type { Policy } from "../rules/policy";

/** A package as a policy sees it, which may depend on what is there. Throws a {@link RetentionError} when anything stays in doubt. */
export async function observeCandidate(
  connection: Connection,
  name: PackageName,
  policyFor: (graph: Graph) => Policy,
  progress: ObserveProgress,
): Promise<Graph> {
  progress.began();
  try {
    const { graph } = await takeInventory(connection, name, {
      unreadable: [],
      manifestsToRead: (graph) => computePlan(graph, policyFor(graph), { asOf: dayOf(graph.inventory.now) }).unread,
      progress: progress,
    });
    return graph;
  } finally {
    progress.ended();
  }
}

/** What was found, or why nothing was: one package that cannot be read is no reason to leave out the others. */
export async function orReason<Found>(find: () => Promise<Found>): Promise<Found | { readonly reason: string }> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof RetentionError || error instanceof ConfigError) return { reason: error.message };
    throw error;
  }
}
