import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../sandbox";
import { assertSucceeds } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { Stack } from "../support/engine/stack";
import { now, PackageWorld, policyFor, usualRules } from "../support/engine/world";
import { waitingPlanId } from "../support/lifecycle/simulated-stack";

const repository = "acme/app";
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 100, tags: ["pr-2"], attestations: false },
  dev1: { days: 90, tags: ["dev-1"], attestations: false },
  before: { days: 80, tags: ["prod"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
} as const;

/** One deletes pull requests and what lost its tag, the other branches and what lost its tag. */
const [keepReleases, dropPulls, dropUntagged] = usualRules;
const dropBranches = { ...dropPulls, name: "drop-branches", tags: ["dev-*"] };
const rules = [
  [keepReleases, dropPulls, dropUntagged],
  [keepReleases, dropBranches, dropUntagged],
];

describe("two stacks that update one package at once", function () {
  this.timeout(300_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stacks: Stack[];
  before(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy(deployments);
    const limits = { percent: 100 };
    const policies = rules.map((own) => policyFor(repository, { rules: own, limits }));
    stacks = await Promise.all(
      policies.map(async (policy) => Stack.create(sandbox, { policies: [{ ...policy, approve: await waitingPlanId(sandbox, policy) }] })),
    );
    // Long enough that both are at it.
    sandbox.setLatency({ api: 100, registry: 0 });
    const outcomes = await Promise.all(stacks.map((stack) => stack.up()));
    sandbox.setLatency(0);
    // One that saw the other's deletions in the middle of its list may have stopped.
    for (const [place, { exitCode }] of outcomes.entries()) if (exitCode !== 0) assertSucceeds(await (stacks[place] as Stack).up());
  });
  after(async () => {
    for (const stack of stacks ?? []) await stack.remove();
    await sandbox?.close();
  });

  it("deletes what either approved, and keeps every image that stays whole", async () => {
    assert.deepEqual(world.deleted(), world.digests("pr1", "pr2", "dev1", "before"));
    await assertComplete(world, "prod");
  });

  it("holds in one ledger or the other all that is gone", async () => {
    const ledgers = await Promise.all(stacks.map(async (stack) => Object.keys((await stack.policy(repository)).outputs.ledger as object)));
    assert.deepEqual([...new Set(ledgers.flat())].sort(), world.deleted());
  });

  it("leaves nothing to do for either", async () => {
    for (const stack of stacks) assertSucceeds(await stack.preview("--expect-no-changes"));
  });
});
