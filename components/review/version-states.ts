import type { Decision } from "../approval/decide";
import type { PageState } from "./browser/data";
import type { PackageReview } from "./review";

/** What becomes of a version, and why where a plan deletes it. */
export interface VersionState {
  readonly state: PageState;
  readonly reason?: string;
}

/** Returns what becomes of each version of an observed package, in the graph's order. */
export function versionStates({ plans }: Pick<PackageReview, "plans">, { plan, candidates = {} }: Decision): VersionState[] {
  const withheld = new Set(plan.withheld.map(({ node }) => node));
  const planned = new Map(
    plans.flatMap(({ state, reasons }) => Object.entries(reasons).map(([digest, reason]) => [digest, { state, reason }] as const)),
  );
  return plan.deletions.graph.nodes.map(({ version }, index): VersionState => {
    const going = planned.get(version.digest);
    if (going !== undefined) return going;
    if (withheld.has(index)) return { state: "withheld" };
    return { state: candidates[version.digest] === undefined ? "stays" : "grace" };
  });
}
