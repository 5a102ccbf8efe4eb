import { buildGraph } from "../components/graph/graph";
import type { Inventory } from "../components/model/inventory";
import { computePlan } from "../components/plan/plan";
import { Policy } from "../components/rules/policy";
import { StepCounter } from "./counted-steps";
import { inventoryOf } from "./inventory-of";
import { packageOfAYear, rules } from "./world";

/** The pure part, graph and plan, over the size of the package: the quickest of some runs. */
export interface PurePoint {
  readonly versions: number;
  readonly milliseconds: number;
  /** Looks at versions, children, nodes and what they keep. */
  readonly steps: number;
  /** What the machine takes for the least that is linear: one entry of a map for each version, and one look at it. */
  readonly yardstick: number;
}

const asOf = "2026-11-23";
const least = 5;
const patience = 2_000;

function quickest(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0, spent = 0; run < least || spent < patience; run++) {
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
  const asked = inventory.versions.map(({ digest }) => Buffer.from(digest).toString());
  return { versions, milliseconds, steps: stepsOf(inventory, policy), yardstick: quickest(() => walk(inventory, asked)) };
}

function stepsOf(inventory: Inventory, policy: Policy): number {
  const counter = new StepCounter();
  computePlan(counter.graph(counter.inventory(inventory)), policy, { asOf });
  return counter.steps;
}

function walk({ versions }: Inventory, asked: readonly string[]): number {
  const byDigest = new Map(versions.map((version, place) => [version.digest, { version, keeps: [place], keptBy: [place] }]));
  return asked.reduce((sum, digest) => sum + (byDigest.get(digest)?.keeps.length ?? 0), 0);
}

const { sizes } = JSON.parse(process.argv[2] ?? "") as { sizes: readonly number[] };
// The first runs are those of code that is not compiled yet.
measure(1_000);
process.stdout.write(JSON.stringify({ points: sizes.map(measure) }));
