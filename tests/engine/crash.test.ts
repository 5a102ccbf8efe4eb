import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import fc from "fast-check";
import { buildImage, buildIndex, descriptorOf, type PlatformImage, type Sandbox, type SeedVersion } from "../../sandbox";
import { alive, killAll, type Process, treeOf } from "../support/engine/descendants";
import { assertSucceeds } from "../support/engine/output";
import { ProviderMark } from "../support/engine/provider-mark";
import { assertComplete } from "../support/engine/pull";
import { useEngine } from "../support/engine/use-engine";
import { waitFor } from "../support/engine/wait-for";
import { now, PackageWorld, policyFor } from "../support/engine/world";
import { seedBlobs } from "../support/lifecycle/seed-blobs";
import { SimulatedStack } from "../support/lifecycle/simulated-stack";

const rounds = process.env.LONG ? 25 : 3;
const seed = Number(process.env.CRASH_SEED ?? randomInt(1_000_000));
const deletions = 200;

const victims = ["the provider", "the CLI", "the machine"] as const;

/** Where a round is killed: at the n-th deletion, or at the n-th request of the run. */
interface Kill {
  readonly victim: (typeof victims)[number];
  readonly at: "deletion" | "request";
  readonly count: number;
}

interface Round {
  readonly kills: readonly Kill[];
  /** The plan was on record before it was approved; otherwise it is approved in the very first update. */
  readonly onRecord: boolean;
  /** `automatic` puts no plan on record before the first deletion, so that the next run finds on GitHub's list what went. */
  readonly approval: "required" | "automatic";
}

const moment = fc.oneof(
  { weight: 4, arbitrary: fc.record({ at: fc.constant("deletion" as const), count: fc.integer({ min: 0, max: deletions - 1 }) }) },
  { weight: 1, arbitrary: fc.record({ at: fc.constant("request" as const), count: fc.integer({ min: 0, max: 140 }) }) },
);

/** Each kind of kill in turn; every fourth round is killed twice. */
function planRounds(): Round[] {
  const moments = fc.sample(moment, { seed, numRuns: 2 * rounds });
  return Array.from({ length: rounds }, (_, place) => {
    const victim = (shift: number) => victims[(place + shift) % victims.length] as Kill["victim"];
    const first = { victim: victim(0), ...(moments[2 * place] as (typeof moments)[number]) };
    const second = { victim: victim(1), ...(moments[2 * place + 1] as (typeof moments)[number]) };
    const kills = place % 4 === 3 ? [first, second] : [first];
    return { kills, onRecord: (place >> 1) % 2 === 0, approval: place % 2 === 0 ? "required" : "automatic" };
  });
}

describe(`an apply of ${deletions} deletions that is killed at any moment (CRASH_SEED=${seed})`, function () {
  this.timeout(300_000);

  const mark = new ProviderMark();
  const engine = useEngine({ stack: () => ({ env: mark.env }) });
  after(() => mark.clear());
  /** Every process of a killed update. */
  const started: Process[] = [];
  afterEach(() => killAll(started.splice(0)));
  before(() => engine.sandbox.setLatency({ api: 5, registry: 1 }));

  for (const [place, round] of planRounds().entries()) {
    const what = round.kills.map(({ victim, at, count }) => `${victim} at ${at} ${count + 1}`).join(", then ");
    const how = `approval ${round.approval}, ${round.onRecord ? "on record" : "first update"}`;
    it(`is ended by the next update, without a new approval: ${what}, ${how}`, async () => {
      const repository = `acme/crash-${place}`;
      const world = fill(engine.sandbox, repository);
      const policy = policyFor(repository, { limits: { percent: 100 } });
      engine.stack.policies = [policy];
      await engine.stack.writeConfig();
      if (round.onRecord) assertSucceeds(await upUnlocked());
      const { inputs } = await new SimulatedStack(engine.sandbox, policy).preview();
      const approved = Object.keys(inputs.pending?.deletions ?? {}).sort();
      assert.equal(approved.length, deletions);
      await engine.stack.change(round.approval === "automatic" ? { approval: "automatic" } : { approve: inputs.pending?.id });

      engine.sandbox.clearRequests();
      for (const kill of round.kills) {
        await upAndKill(kill);
        const there = world.tags();
        assert.ok(kept.every((tag) => there.includes(tag)));
        // An image of the plan is there whole, or not at all.
        await assertComplete(world, ...there);
      }
      assertSucceeds(await upUnlocked());

      await assertComplete(world, ...kept);
      assert.deepEqual(world.deleted(), approved);
      const { outputs } = await engine.stack.policy(repository);
      assert.deepEqual(Object.keys(outputs.ledger as object).sort(), approved);
      assert.equal(outputs.pending, undefined);
      assert.deepEqual(deletedTwice(), []);
      assertSucceeds(await engine.stack.preview("--expect-no-changes"));
    });
  }

  async function upAndKill({ victim, at, count }: Kill): Promise<void> {
    mark.clear();
    const run = await unlocked(() => {
      const running = engine.stack.startUp();
      const strike = async () => {
        if (victim !== "the machine") await mark.loaded();
        const tree = treeOf(running.pid);
        started.push(...tree);
        const struck = {
          "the machine": tree,
          "the CLI": tree.filter(({ pid }) => pid === running.pid),
          "the provider": tree.filter(({ command }) => command.includes("dynamic-provider")),
        };
        killAll(struck[victim]);
        return undefined;
      };
      const match = at === "deletion" ? { method: "DELETE" } : {};
      engine.sandbox.addFault({ id: "kill", match, after: count, effect: { kind: "call", call: strike } });
      return running;
    });
    await run.ended;
    await waitFor("the end of every process of the update", 10, () => alive(started).length === 0);
    engine.sandbox.clearFaults();
  }

  /** As a user does: where an update is locked out by one that was killed, `pulumi cancel`, and again. */
  async function upUnlocked() {
    const outcome = await engine.stack.up();
    if (!outcome.output.includes("currently locked")) return outcome;
    assertSucceeds(await engine.stack.cancel());
    return engine.stack.up();
  }

  async function unlocked<Result>(start: () => Result): Promise<Result> {
    await engine.stack.cancel();
    return start();
  }

  function deletedTwice(): string[] {
    const paths = engine.sandbox
      .requests()
      .filter(({ method, status }) => method === "DELETE" && status === 204)
      .map(({ path }) => path);
    return paths.filter((path, place) => paths.indexOf(path) !== place);
  }
});

const kept = Array.from({ length: 10 }, (_, place) => `v${place}`).sort();

/** 50 images of four versions to delete, and ten that stay; each of those shares a platform with one that goes. */
function fill(sandbox: Sandbox, repository: string): PackageWorld {
  const world = new PackageWorld(sandbox, repository);
  const platforms = (name: string, count: number) =>
    Array.from({ length: count }, (_, place) => buildImage("linux/amd64", { seed: `${repository} ${name} ${place}` }));
  const shared = kept.flatMap((tag) => platforms(`shared ${tag}`, 1));
  const going = Array.from({ length: deletions / 4 }, (_, place) => {
    const children = [...platforms(`pr ${place}`, 3), ...shared.slice(place, place + 1)];
    return { days: 100, tags: [`pr-${place}`], children };
  });
  const staying = kept.map((tag, place) => {
    const children = [...platforms(tag, 1), ...shared.slice(place, place + 1)];
    return { days: 50, tags: [tag], children };
  });
  for (const { children } of [...going, ...staying]) {
    seedBlobs(
      sandbox,
      repository,
      children.flatMap(({ blobs }) => blobs),
    );
  }
  sandbox.seed([...going, ...staying].flatMap(({ days, tags, children }) => seedsFor(repository, days, tags, children)));
  return world;
}

function seedsFor(repository: string, days: number, tags: string[], children: readonly PlatformImage[]): SeedVersion[] {
  const about = { package: repository, createdAt: new Date(Date.parse(now) - days * 86_400_000).toISOString() };
  const index = buildIndex(children.map(({ manifest }) => descriptorOf(manifest)));
  return [
    ...children.map(({ manifest }) => ({ ...about, manifest: manifest.bytes.toString(), mediaType: manifest.mediaType })),
    { ...about, tags, manifest: index.bytes.toString(), mediaType: index.mediaType },
  ];
}
