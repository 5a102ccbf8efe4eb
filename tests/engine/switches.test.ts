import assert from "node:assert/strict";
import type { SwitchChanges } from "../../sandbox";
import { assertSucceeds } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { useEngine } from "../support/engine/use-engine";
import { expired, now, policyFor, shop } from "../support/engine/world";

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
  this.timeout(300_000);

  const engine = useEngine({
    sandbox: { now, switches: otherWayRound },
    packages: { [repository]: shop },
    stack: { policies: [policyFor(repository, { approval: "automatic" })] },
  });

  it("deletes the same, and has nothing to do then", async () => {
    assertSucceeds(await engine.stack.up());
    assert.deepEqual(engine.world.deleted(), engine.world.digests(...expired));
    await assertComplete(engine.world, "main-1", "pr-3", "prod", "v1.0.0", "v1.1.0", "v1.2.0");
    assertSucceeds(await engine.stack.preview("--expect-no-changes"));
  });
});
