import { buildGraph } from "../components/graph/graph";
import { computePlan } from "../components/plan/plan";
import { Policy } from "../components/rules/policy";
import { inventoryOf } from "./inventory-of";
import { packageOfAYear, rules } from "./world";

/** The pure part, graph and plan, over the size of the package: the quickest of some runs. */
export interface PurePoint {
  readonly versions: number;
  readonly milliseconds: number;
}

const least = 5;
const patience = 2_000;

function measure(versions: number): PurePoint {
  const inventory = inventoryOf(packageOfAYear("app", versions));
  const policy = Policy.parse({ owner: "acme", package: "app", rules });
  let quickest = Number.POSITIVE_INFINITY;
  for (let run = 0, spent = 0; run < least || spent < patience; run++) {
    const start = performance.now();
    computePlan(buildGraph(inventory), policy, { asOf: "2026-11-23" });
    const took = performance.now() - start;
    quickest = Math.min(quickest, took);
    spent += took;
  }
  return { versions, milliseconds: quickest };
}

const { sizes } = JSON.parse(process.argv[2] ?? "") as { sizes: readonly number[] };
// The first runs are those of code that is not compiled yet.
measure(1_000);
process.stdout.write(JSON.stringify({ points: sizes.map(measure) }));
