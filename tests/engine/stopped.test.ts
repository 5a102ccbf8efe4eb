import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { alive, killAll, type Process, treeOf } from "../support/engine/descendants";
import { assertFails, assertSays, assertSucceeds, planIdIn } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { waitFor } from "../support/engine/wait-for";
import { policyFor } from "../support/engine/world";

const repository = "acme/app";
const pullRequests = ["pr1", "pr2", "pr3", "pr4"] as const;
const deletions = 12;
const deployments = {
  ...Object.fromEntries(pullRequests.map((name, place) => [name, { days: 100 - place, tags: [`pr-${place}`], attestations: false }])),
  prod: { days: 50, tags: ["prod"], attestations: false },
};
const policy = policyFor(repository, { limits: { percent: 100 } });

/** What a run does when it is stopped: `done` deletions were carried out. */
const moments = {
  "between two deletions": { done: 3, deletionsPerMinute: 60_000 },
  "while it keeps to its pace": { done: 1, deletionsPerMinute: 1 },
  "while it waits for GitHub's limit": { done: 2, deletionsPerMinute: 60_000 },
} as const;
type Moment = keyof typeof moments;

describe("an apply that is stopped (S9)", function () {
  this.timeout(300_000);

  let temporary: string;
  const engine = useEngine({ each: true, packages: { [repository]: deployments }, stack: () => ({ env: { TMPDIR: temporary } }) });
  /** Every process of the update. */
  const started: Process[] = [];
  before(async () => {
    temporary = await mkdtemp(join(tmpdir(), "stopped-"));
  });
  after(() => rm(temporary, { recursive: true }));
  afterEach(() => killAll(started.splice(0)));

  async function approve(): Promise<void> {
    engine.stack.policies = [policy];
    await engine.stack.writeConfig();
    await engine.stack.approve(planIdIn(assertSucceeds(await engine.stack.preview()), repository));
  }

  /** Starts an update, sends signals to its processes at a moment of it, and waits for its end. */
  async function stopAt(moment: Moment, send: (tree: readonly Process[]) => unknown): Promise<Outcome> {
    const { done, deletionsPerMinute } = moments[moment];
    await engine.stack.configure({ "ghcr-retention:deletionsPerMinute": deletionsPerMinute });
    const update = engine.stack.startUp();
    const strike = async () => {
      const tree = treeOf(update.pid);
      started.push(...tree);
      await send(tree);
      // The request is under way when the signal comes.
      await wait(1_000);
      return undefined;
    };
    const match = { method: "DELETE" };
    if (moment === "between two deletions") engine.sandbox.addFault({ match, after: done - 1, effect: { kind: "call", call: strike } });
    else {
      if (moment === "while it waits for GitHub's limit")
        engine.sandbox.addFault({ match, after: done, times: null, effect: { kind: "rate-limit", retryAfterSeconds: 3_600 } });
      const asked = moment === "while it waits for GitHub's limit" ? done + 1 : done;
      await waitFor(`${asked} deletions`, 60, () => requests("DELETE") === asked);
      await wait(500);
      await strike();
    }
    return update.ended;
  }

  function requests(method: string): number {
    return engine.sandbox.requests().filter((request) => request.method === method).length;
  }

  function providerIn(tree: readonly Process[]): Process[] {
    return tree.filter(({ command }) => command.startsWith("node ") && command.includes("dynamic-provider"));
  }

  async function assertNothingStays(): Promise<void> {
    await waitFor("the end of every process", 10, () => alive(started).length === 0);
    assert.deepEqual(
      readdirSync(temporary).filter((name) => name.startsWith("ghcr-retention-")),
      [],
    );
  }

  async function ledger(): Promise<string[]> {
    const { outputs } = await engine.stack.policy(repository);
    return Object.keys(outputs.ledger as object).sort();
  }

  /** The next `pulumi up` goes on to the same end, without a new approval. */
  async function assertGoesOn(): Promise<void> {
    engine.sandbox.clearFaults();
    await engine.stack.configure({ "ghcr-retention:deletionsPerMinute": 60_000 });
    const next = await engine.stack.up();
    if (next.output.includes("currently locked")) {
      assertSucceeds(await engine.stack.cancel());
      assertSucceeds(await engine.stack.up());
    } else assertSucceeds(next);
    assert.deepEqual(engine.world.deleted(), engine.world.digests(...pullRequests));
    assert.deepEqual(await ledger(), engine.world.deleted());
    await assertComplete(engine.world, "prod");
    assertSucceeds(await engine.stack.preview("--expect-no-changes"));
  }

  async function assertStoppedAfter(done: number, stopped: Outcome): Promise<void> {
    assertFails(stopped);
    assertSays(stopped.output, `acme/app: stopped after ${done} of ${deletions} deletions, since the update was cancelled.`);
    assert.equal(engine.world.deleted().length, done);
    assert.deepEqual(await ledger(), engine.world.deleted());
    await assertNothingStays();
  }

  function kill(pid: number, ...signals: NodeJS.Signals[]): void {
    for (const signal of signals) process.kill(pid, signal);
  }

  beforeEach(approve);

  for (const [moment, { done }] of Object.entries(moments)) {
    it(`by one Ctrl-C ${moment}: records what it did, and the next run goes on`, async () => {
      const stopped = await stopAt(moment as Moment, ([cli]) => kill(cli?.pid ?? 0, "SIGINT"));
      await assertStoppedAfter(done, stopped);
      await assertGoesOn();
    });

    it(`by the death of the CLI ${moment}: the provider ends as well, and the next run goes on`, async () => {
      await stopAt(moment as Moment, ([cli]) => kill(cli?.pid ?? 0, "SIGKILL"));
      await assertNothingStays();
      assert.equal(engine.world.deleted().length, done);
      await assertGoesOn();
    });
  }

  it("by SIGTERM: as by Ctrl-C", async () => {
    const stopped = await stopAt("between two deletions", ([cli]) => kill(cli?.pid ?? 0, "SIGTERM"));
    await assertStoppedAfter(3, stopped);
    await assertGoesOn();
  });

  it("by a signal to its provider: records what it did, and the update fails", async () => {
    const stopped = await stopAt("between two deletions", (tree) => {
      for (const { pid } of providerIn(tree)) kill(pid, "SIGINT");
    });
    assertFails(stopped);
    assertSays(stopped.output, "acme/app: stopped after 3 of 12 deletions, since the provider received SIGINT.");
    assert.deepEqual(await ledger(), engine.world.deleted());
    assert.equal(engine.world.deleted().length, 3);
    await assertNothingStays();
    await assertGoesOn();
  });

  it("by two Ctrl-C: ends at once, without a record, and the next run finds what it did", async () => {
    await stopAt("between two deletions", ([cli]) => {
      // The verification after the first waits.
      engine.sandbox.addFault({ match: { method: "HEAD" }, times: null, effect: { kind: "rate-limit", retryAfterSeconds: 3_600 } });
      kill(cli?.pid ?? 0, "SIGINT");
      void wait(5_000).then(() => kill(cli?.pid ?? 0, "SIGINT"));
    });
    await assertNothingStays();
    assert.equal(engine.world.deleted().length, 3);
    await assertGoesOn();
  });

  it("not by `pulumi cancel` of a self-managed backend, which takes only the lock away", async () => {
    assertSucceeds(await stopAt("between two deletions", () => engine.stack.cancel()));
    assert.deepEqual(engine.world.deleted(), engine.world.digests(...pullRequests));
    assert.deepEqual(await ledger(), engine.world.deleted());
    await assertNothingStays();
  });
});
