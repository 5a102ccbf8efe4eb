import type { Graph } from "../graph/graph";
import type { Connection } from "../inventory/connection";
import { observe, plansAsOf } from "../inventory/observe";
import type { PackageName } from "../model/inventory";
import { neighboursNamedBy } from "../plan/neighbours";
import { dayOfPlan } from "../plan/plan-id";
import type { Policy } from "../rules/policy";
import type { ObserveProgress } from "./progress";

interface PolicyObservation {
  /** The policy, or a function that derives it from the package's graph. */
  readonly policy: Policy | ((graph: Graph) => Policy);
  /** The ids of approved plans: each is computed again as of its day. */
  readonly approved?: readonly string[];
  readonly progress?: ObserveProgress | undefined;
  /** Whether all manifests are read, for the sizes of their blobs. */
  readonly readsSizes?: boolean | undefined;
}

/** Observes a package as a policy sees it today and on the days of approved plans. Throws a {@link RetentionError} where in doubt (S3). */
export async function observeForPolicy(
  connection: Connection,
  name: PackageName,
  { policy, approved = [], progress, readsSizes }: PolicyObservation,
): Promise<Graph> {
  const policyFor = typeof policy === "function" ? policy : () => policy;
  const options = {
    ...(typeof policy === "function"
      ? { unreadable: [] }
      : { unreadable: policy.unreadable, neighbours: neighboursNamedBy(policy.rules), asksForDeleted: policy.inUse !== undefined }),
    plans: (graph: Graph) => plansAsOf(graph, policyFor(graph), approved.map(dayOfPlan)),
    sharesDeployments: true as const,
    readsSizes,
    ...(progress ? { progress } : {}),
  };
  progress?.began();
  try {
    const { graph } = await connection.packageLimit(() => observe(connection, name, options));
    return graph;
  } finally {
    progress?.ended();
  }
}
