import assert from "node:assert/strict";
import { type FaultMatch, type FaultRequest, type Sandbox, startSandbox } from "../../sandbox";
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

/** A moment of the apply: its requests, and how many such the program's own look makes before. */
interface Moment {
  readonly match: FaultMatch;
  readonly ofProgram: number;
  /** Nothing is deleted yet. */
  readonly before: boolean;
}

const api: Readonly<Record<string, Moment>> = {
  "the owner": { match: { method: "GET", pattern: "/api/users/acme$" }, ofProgram: 1, before: true },
  "the number of versions": { match: { method: "GET", pattern: "/container/app$" }, ofProgram: 1, before: true },
  "the list": { match: { method: "GET", pattern: "/versions\\?" }, ofProgram: 2, before: true },
  "the first deletion": { match: { method: "DELETE" }, ofProgram: 0, before: true },
  "a later deletion": { match: { method: "DELETE" }, ofProgram: 3, before: false },
};
const registry: Readonly<Record<string, Moment>> = {
  "a manifest": { match: { method: "GET", pattern: "/manifests/sha256:" }, ofProgram: 6, before: true },
  "a tag that stays": { match: { method: "HEAD", pattern: "/manifests/prod$" }, ofProgram: 0, before: true },
  "the check after the deletions": { match: { method: "HEAD", pattern: "/manifests/sha256:" }, ofProgram: 4, before: false },
};

const garbage = "<html>Unicorn!</html>";
const anywhere: Readonly<Record<string, FaultRequest["effect"]>> = {
  "401": { kind: "status", status: 401, body: { message: "Bad credentials" } },
  "403": { kind: "status", status: 403, body: { message: "Resource not accessible by integration" } },
  "404 of the package": { kind: "status", status: 404, body: { message: "Package not found." } },
  "200 with something else": { kind: "status", status: 200, body: garbage },
  "what was deleted, still there": { kind: "stale-read" },
  "a delay": { kind: "delay", ms: 50 },
};
const inReading: Readonly<Record<string, FaultRequest["effect"]>> = {
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
  readonly effect: FaultRequest["effect"];
}

function cells(moments: Readonly<Record<string, Moment>>, effects: Readonly<Record<string, FaultRequest["effect"]>>): Cell[] {
  return Object.entries(moments).flatMap(([when, moment]) =>
    Object.entries(effects).map(([what, effect]) => ({ ...moment, effect, name: `${what} at ${when}` })),
  );
}

describe("a fault in the middle of an apply", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, "acme/app").deploy(deployments);
  });
  afterEach(() => sandbox.close());

  // Octokit tries again for 14 seconds what it does not know, so the API answers with what it knows.
  for (const { name, match, ofProgram, before, effect } of [
    ...cells(api, anywhere),
    ...cells(registry, inReading).filter(({ name }) => name !== undone),
  ]) {
    it(`loses nothing, and the next run ends as one without it: ${name}`, async () => {
      const stack = new SimulatedStack(sandbox, policyFor("acme/app"));
      const { inputs } = await stack.up();
      stack.policy = { ...stack.policy, approve: inputs.pending?.id };
      sandbox.addFault({ match, after: ofProgram, times: null, effect });

      const failed = await stack.up().then(
        () => false,
        () => true,
      );
      const gone = world.deleted();
      assert.deepEqual(Object.keys(stack.outputs.ledger).sort(), gone);
      assert.ok(gone.every((digest) => world.digests("pr1", "prodBefore").includes(digest)));
      // Only after a deletion can a list still show what was deleted.
      if (failed && before && effect.kind !== "stale-read") assert.deepEqual(gone, []);
      if (!failed) assert.deepEqual(gone, world.digests("pr1", "prodBefore"));
      sandbox.clearFaults();
      await assertComplete(world, ...world.tags());

      await stack.up();
      assert.deepEqual(world.deleted(), world.digests("pr1", "prodBefore"));
      await assertComplete(world, "main-1", "prod");
      assert.deepEqual(Object.keys(stack.outputs.ledger).sort(), world.deleted());
      assert.equal((await stack.preview()).changes, false);
    });
  }
});
