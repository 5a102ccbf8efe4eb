import { buildGraph } from "../../../components/graph/graph";
import type { Version } from "../../../components/model/inventory";
import { computePlan } from "../../../components/plan/plan";
import { today, without } from "../builders/package";
import { policyFromOptions } from "./peer-options";
import type { Scenario } from "./scenario";

/** What is left after our plan for a peer's options is carried out; `undefined` where an option has no rule yet. */
export function leftBy({ inputs, inventory }: Scenario): readonly Version[] | undefined {
  const policy = policyFromOptions(inputs);
  if (policy === undefined) return undefined;
  const { deletions } = computePlan(buildGraph(inventory), policy, { asOf: today });
  const carriedOut = inputs["dry-run"] === "true" ? [] : deletions.digests();
  return without(inventory, carriedOut).versions;
}

export function tagsOf(versions: readonly Version[]): string[] {
  return versions.flatMap(({ tags }) => tags).sort();
}
