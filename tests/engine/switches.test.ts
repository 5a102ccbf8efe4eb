import assert from "node:assert/strict";
import { type Sandbox, type SwitchChanges, startSandbox } from "../../sandbox";
import { assertSucceeds } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { Stack } from "../support/engine/stack";
import { expired, now, PackageWorld, policyFor, shop } from "../support/engine/world";

const repository = "acme/shop";

/** What nobody documents of GHCR, each the other way round than the sandbox has it by default. */
const otherWayRound: SwitchChanges = {
  updatedAtOnTagGain: false,
  updatedAtOnTagLoss: true,
  updatedAtOnRepush: true,
  headCountsAsDownload: true,
  referrers: "not-found",
  lastTaggedRefusal: "downloads",
  requireChildren: true,
  acceptEnforced: false,
  newPackageVisibility: "public",
};

describe("a GHCR that is the other way round wherever nobody documents it", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  let stack: Stack;

  before(async () => {
    sandbox = await startSandbox({ now, switches: otherWayRound });
  });
  after(async () => {
    await stack?.remove();
    await sandbox?.close();
  });

  it("deletes the same, and has nothing to do then", async () => {
    const world = await new PackageWorld(sandbox, repository).deploy(shop);
    stack = await Stack.create(sandbox, { policies: [policyFor(repository, { approval: "automatic" })] });
    assertSucceeds(await stack.up());
    assert.deepEqual(world.deleted(), world.digests(...expired));
    await assertComplete(world, "main-1", "pr-3", "prod", "v1.0.0", "v1.1.0", "v1.2.0");
    assertSucceeds(await stack.preview("--expect-no-changes"));
  });
});
