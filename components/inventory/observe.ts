import type { Graph } from "../graph/graph";
import type { PackageName } from "../model/inventory";
import { deletedToAsk, unaskedAmong } from "../plan/deployed";
import { computePlan, type Plan } from "../plan/plan";
import { type Day, dayOf } from "../plan/plan-id";
import { renewalIn, withPushTimes } from "../plan/renewed-stamps";
import { withUnknownBlobs } from "../plan/storage";
import type { Policy } from "../rules/policy";
import type { Connection } from "./connection";
import { type InventoryOptions, type Observation, takeInventory } from "./take-inventory";

export interface ObserveOptions extends Omit<InventoryOptions, "manifestsToRead" | "deploymentsToAsk" | "alsoRead"> {
  /** The plans that the observation is for, computed from what has been read so far. Pure. */
  readonly plans: (graph: Graph) => readonly Pick<Plan, "unread" | "doubtful">[];
  /** The versions about which GitHub is asked whether they run, instead of all that the plans are in doubt about. Pure. */
  readonly toAsk?: (graph: Graph) => readonly string[];
  /** Whether all manifests are read, for the sizes of their blobs. */
  readonly readsSizes?: boolean | undefined;
  /** Whether GitHub is asked too whether versions run that are deleted already. */
  readonly asksForDeleted?: boolean;
}

/**
 * Observes a package for plans: takes its inventory, reads every manifest on which one of the plans depends, and asks where those versions
 * run that the plans would delete. An answer can only make a plan smaller, so that one round of asking is enough; whatever would
 * still need one stays, and is asked about in the next round.
 */
export function observe(
  connection: Connection,
  name: PackageName,
  { plans, toAsk, asksForDeleted, readsSizes, ...options }: ObserveOptions,
): Promise<Observation> {
  let computed: { readonly graph: Graph; readonly plans: ReturnType<typeof plans> } | undefined;
  const plansOf = (graph: Graph) => {
    computed = computed?.graph === graph ? computed : { graph, plans: plans(graph) };
    return computed.plans;
  };
  const doubtfulIn = toAsk ?? ((graph: Graph) => plansOf(graph).flatMap(({ doubtful }) => doubtful));
  return takeInventory(connection, name, {
    ...options,
    manifestsToRead: (graph) => [...new Set(plansOf(graph).flatMap(({ unread }) => unread))],
    ...(readsSizes ? { alsoRead: (graph: Graph) => withUnknownBlobs(graph).map(({ version }) => version.digest) } : {}),
    deploymentsToAsk: (graph) => [...unaskedAmong(graph, doubtfulIn(graph)), ...(asksForDeleted ? deletedToAsk(graph) : [])],
  });
}

/** A policy's plans as of today and as of other days, for all that the record of earlier runs may let go. */
export function plansAsOf(observed: Graph, policy: Policy, days: readonly Day[] = []): Plan[] {
  const renewal = renewalIn(observed);
  const graph = renewal === undefined ? observed : withPushTimes(observed, renewal, 0);
  return [dayOf(graph.inventory.now), ...days].map((asOf) => computePlan(graph, policy, { asOf }));
}
