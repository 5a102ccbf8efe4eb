import fc from "fast-check";
import { type ActionName, actions } from "./actions";
import type { Job } from "./explorer";
import type { Scenario } from "./scenario";
import { worlds } from "./worlds";

/** Scenarios of one kind, each of which is played in every order. */
export interface Exploration {
  readonly world: Scenario["world"];
  readonly runs: Scenario["runs"];
  readonly meanwhile: string;
  readonly scenarios: readonly Scenario[];
  /** How often a run may be interrupted; without it, at every point. */
  readonly preemptions?: number;
}

const names = Object.keys(actions) as ActionName[];
const smallWorlds = ["index", "shared", "referrer", "nested"] as const;

/** Every two actions. A list that lags twice and one that lags for good are the same thing. */
const pairs = names
  .flatMap((one, place) => names.slice(place + 1).map((other) => [one, other] as const))
  .filter(([one, other]) => !(one === "lag" && other === "lagOn"));

export const explorations: readonly Exploration[] = [
  ...smallWorlds.map((world) => oneThing(world, "one apply")),
  ...smallWorlds.map(twoThings),
  ...smallWorlds.map((world) => oneThing(world, "restoration")),
  twoRuns("twoStacks", "two stacks"),
  twoRuns("index", "successor"),
];

/** The requests of a client may lie apart. */
function oneThing(world: Scenario["world"], runs: Scenario["runs"]): Exploration {
  const scenarios = names.map((name) => ({ world, runs, actions: [name] }));
  return { world, runs, meanwhile: `one of ${names.length} things`, scenarios };
}

/** Each happens at once. */
function twoThings(world: Scenario["world"]): Exploration {
  const runs = "one apply" as const;
  const scenarios = pairs.map((pair) => ({ world, runs, actions: pair, atomic: true }));
  return { world, runs, meanwhile: `one of ${pairs.length} pairs of things`, scenarios };
}

function twoRuns(world: Scenario["world"], runs: Scenario["runs"]): Exploration {
  return { world, runs, meanwhile: "nothing else", scenarios: [{ world, runs, actions: [] }], preemptions: 2 };
}

export function titleOf({ world, runs, meanwhile }: Exploration): string {
  return [worlds[world].name, runsTexts[runs], meanwhile].join(", ");
}

export const runsTexts = {
  "one apply": "one apply",
  restoration: "a restoration",
  "two stacks": "an apply of each stack",
  successor: "an apply that lost its engine, and the next run",
} as const satisfies Record<Scenario["runs"], string>;

export function jobsOf({ scenarios, preemptions }: Exploration): Job[] {
  return scenarios.map((scenario) => ({ scenario, ...(preemptions === undefined ? {} : { preemptions }) }));
}

/** Those that have found most. */
const telling: readonly ActionName[] = ["push", "move", "tag", "sign", "restoreAll", "refuse", "fail", "kill"];

/** What is played in seconds: one thing at any point, two pairs, and two runs of which one is interrupted once. */
export const quickJobs: readonly Job[] = [
  ...telling.flatMap((name) =>
    (["one apply", "restoration"] as const).map((runs) => ({ scenario: { world: "index" as const, runs, actions: [name], atomic: true } })),
  ),
  ...explorations.filter(({ preemptions }) => preemptions !== undefined).flatMap((two) => jobsOf({ ...two, preemptions: 1 })),
  ...fc
    .sample(fc.tuple(fc.constantFrom(...smallWorlds), fc.constantFrom(...pairs)), { numRuns: 2, seed: 1 })
    .map(([world, pair]) => ({ scenario: { world, runs: "one apply" as const, actions: pair, atomic: true } })),
];
