import { buildGraph } from "../components/graph/graph";
import type { Inventory } from "../components/model/inventory";
import { computePlan } from "../components/plan/plan";
import { Policy } from "../components/rules/policy";
import { StepCounter } from "./counted-steps";
import { inventoryOf } from "./inventory-of";
import { packageOfAYear, rules } from "./world";

/** The pure part, graph and plan, for one size of the package: the quickest of several runs. */
export interface PurePoint {
  readonly versions: number;
  readonly milliseconds: number;
  /** Reads of versions, children, nodes and edges. */
  readonly steps: number;
  /** The time of the cheapest linear work: one entry of a map for each version, and one lookup of each. */
  readonly yardstick: number;
}

const asOf = "2026-11-23";
const minRuns = 5;
const minMilliseconds = 2_000;

function quickest(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0, spent = 0; run < minRuns || spent < minMilliseconds; run++) {
    const start = performance.now();
    work();
    const took = performance.now() - start;
    best = Math.min(best, took);
    spent += took;
  }
  return best;
}

function measure(versions: number): PurePoint {
  const inventory = inventoryOf(packageOfAYear("app", versions));
  const policy = Policy.parse({ owner: "acme", package: "app", rules });
  const milliseconds = quickest(() => computePlan(buildGraph(inventory), policy, { asOf }));
  const digests = inventory.versions.map(({ digest }) => Buffer.from(digest).toString());
  return { versions, milliseconds, steps: stepsOf(inventory, policy), yardstick: quickest(() => walk(inventory, digests)) };
}

function stepsOf(inventory: Inventory, policy: Policy): number {
  const counter = new StepCounter();
  computePlan(counter.graph(counter.inventory(inventory)), policy, { asOf });
  return counter.steps;
}

function walk({ versions }: Inventory, digests: readonly string[]): number {
  const byDigest = new Map(versions.map((version, index) => [version.digest, { version, keeps: [index], keptBy: [index] }]));
  return digests.reduce((sum, digest) => sum + (byDigest.get(digest)?.keeps.length ?? 0), 0);
}

const { sizes } = JSON.parse(process.argv[2] ?? "") as { sizes: readonly number[] };
// The first runs execute code that is not compiled yet.
measure(1_000);
process.stdout.write(JSON.stringify({ points: sizes.map(measure) }));
