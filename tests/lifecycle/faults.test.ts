import assert from "node:assert/strict";
import pLimit from "p-limit";
import { type FaultMatch, type FaultRequest, startSandbox } from "../../sandbox";
import { assertComplete } from "../integration/pull";
import { now, PackageWorld, policyFor } from "../integration/world";
import { SimulatedStack } from "./simulated-stack";

/** The usual rules delete `pr1` and the first `prod`: 6 of 12 versions. */
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  prodBefore: { days: 80, tags: ["prod"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
  main: { days: 30, tags: ["main-1"], attestations: false },
} as const;

type Effect = FaultRequest["effect"];

/** A moment of the apply: its requests, and how many such the program's own look makes before. */
interface Moment {
  readonly match: FaultMatch;
  readonly ofProgram: number;
  /** Nothing is deleted yet. */
  readonly before: boolean;
}

const api: Readonly<Record<string, Moment>> = {
  "the number of versions": { match: { method: "GET", pattern: "/container/app$" }, ofProgram: 1, before: true },
  "the list": { match: { method: "GET", path: "state=active" }, ofProgram: 2, before: true },
  "the list of what was deleted": { match: { method: "GET", path: "state=deleted" }, ofProgram: 1, before: true },
  "the first deletion": { match: { method: "DELETE" }, ofProgram: 0, before: true },
  "a later deletion": { match: { method: "DELETE" }, ofProgram: 3, before: false },
};
const registry: Readonly<Record<string, Moment>> = {
  "a manifest": { match: { method: "GET", pattern: "/manifests/sha256:" }, ofProgram: 6, before: true },
  "a tag that stays": { match: { method: "HEAD", pattern: "/manifests/prod$" }, ofProgram: 0, before: true },
  "the check after the deletions": { match: { method: "HEAD", pattern: "/manifests/sha256:" }, ofProgram: 4, before: false },
};

const garbage = "<html>Unicorn!</html>";
const anywhere: Readonly<Record<string, Effect>> = {
  "401": { kind: "status", status: 401, body: { message: "Bad credentials" } },
  "403": { kind: "status", status: 403, body: { message: "Resource not accessible by integration" } },
  "404 of the package": { kind: "status", status: 404, body: { message: "Package not found." } },
  "500": { kind: "status", status: 500 },
  "503": { kind: "status", status: 503, body: "no server is available" },
  "no answer": { kind: "drop" },
  "200 with something else": { kind: "status", status: 200, body: garbage },
  "what was deleted, still there": { kind: "stale-read" },
  "a delay": { kind: "delay", ms: 50 },
};
const inRegistry: Readonly<Record<string, Effect>> = {
  ...anywhere,
  "418": { kind: "status", status: 418, body: garbage },
  "a redirect to another host": { kind: "status", status: 307, headers: { location: "http://localhost:9/" } },
  "an answer in part": { kind: "truncate", bytes: 5 },
  "a wrong digest": { kind: "wrong-digest" },
};

/** What is not found any more after the deletions is why they are undone: undo.test.ts. */
const undone = "404 of the package at the check after the deletions";

interface Cell extends Moment {
  readonly name: string;
  readonly effect: Effect;
}

function cellsOf(moments: Readonly<Record<string, Moment>>, effects: Readonly<Record<string, Effect>>): Cell[] {
  return Object.entries(moments).flatMap(([when, moment]) =>
    Object.entries(effects).map(([what, effect]) => ({ ...moment, effect, name: `${what} at ${when}` })),
  );
}

/** What there was after the run with the fault, and after one more without it. */
interface Played {
  readonly failed: boolean;
  readonly gone: readonly string[];
  readonly ledger: readonly string[];
  readonly goneInTheEnd: readonly string[];
  readonly ledgerInTheEnd: readonly string[];
  readonly leftToDo: boolean;
  readonly wanted: readonly string[];
}

async function play({ match, ofProgram, effect }: Cell): Promise<Played> {
  const sandbox = await startSandbox({ now });
  try {
    const world = await new PackageWorld(sandbox, "acme/app").deploy(deployments);
    const stack = new SimulatedStack(sandbox, policyFor("acme/app"));
    const { inputs } = await stack.up();
    stack.policy = { ...stack.policy, approve: inputs.pending?.id };
    const ledger = () => Object.keys(stack.outputs.ledger).sort();

    sandbox.addFault({ match, after: ofProgram, times: null, effect });
    const failed = await stack.up().then(
      () => false,
      () => true,
    );
    const then = { gone: world.deleted(), ledger: ledger() };
    sandbox.clearFaults();
    await assertComplete(world, ...world.tags());

    await stack.up();
    await assertComplete(world, "main-1", "prod");
    const inTheEnd = { goneInTheEnd: world.deleted(), ledgerInTheEnd: ledger(), leftToDo: (await stack.preview()).changes };
    return { failed, ...then, ...inTheEnd, wanted: world.digests("pr1", "prodBefore") };
  } finally {
    await sandbox.close();
  }
}

describe("a fault in the middle of an apply", function () {
  this.timeout(180_000);

  const cells = [...cellsOf(api, anywhere), ...cellsOf(registry, inRegistry)].filter(({ name }) => name !== undone);
  let played: Promise<Played>[];
  before(() => {
    // What may pass is tried again for a quarter of a minute, so they wait together.
    const together = pLimit(30);
    played = cells.map((cell) => together(() => play(cell)));
    for (const one of played) one.catch(() => undefined);
  });

  for (const [place, { name, before, effect }] of cells.entries()) {
    it(`loses nothing, and the next run ends as one without it: ${name}`, async () => {
      const { failed, gone, ledger, goneInTheEnd, ledgerInTheEnd, leftToDo, wanted } = (await played[place]) as Played;
      assert.deepEqual(ledger, gone);
      assert.ok(gone.every((digest) => wanted.includes(digest)));
      // Only after a deletion can a list still show what was deleted.
      if (failed && before && effect.kind !== "stale-read") assert.deepEqual(gone, []);
      if (!failed) assert.deepEqual(gone, wanted);
      assert.deepEqual(goneInTheEnd, wanted);
      assert.deepEqual(ledgerInTheEnd, wanted);
      assert.equal(leftToDo, false);
    });
  }
});
