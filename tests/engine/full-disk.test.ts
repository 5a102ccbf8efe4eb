import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { assertFails, assertSucceeds } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { type PackageWorld, policyFor } from "../support/engine/world";
import { waitingPlanId } from "../support/lifecycle/simulated-stack";

/** The usual rules delete `pr1` and the first `prod`: 6 of 12 versions. */
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  prodBefore: { days: 80, tags: ["prod"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
  main: { days: 30, tags: ["main-1"], attestations: false },
} as const;

describe("an apply of which nothing can be written or asked any more", function () {
  this.timeout(300_000);

  const engine = useEngine();

  /** A package whose plan is approved in its first update. */
  async function approvedPackage(repository: string): Promise<PackageWorld> {
    const world = await engine.deploy(repository, deployments);
    engine.stack.policies = [policyFor(repository)];
    await engine.stack.approve(await waitingPlanId(engine.sandbox, policyFor(repository)));
    return world;
  }

  /** As a user does. */
  async function upAgain(): Promise<Outcome> {
    const outcome = await engine.stack.up();
    if (!outcome.output.includes("currently locked")) return outcome;
    assertSucceeds(await engine.stack.cancel());
    return engine.stack.up();
  }

  async function assertEnded(world: PackageWorld): Promise<void> {
    assertSucceeds(await upAgain());
    assert.deepEqual(world.deleted(), world.digests("pr1", "prodBefore"));
    await assertComplete(world, "main-1", "prod");
    const { outputs } = await engine.stack.policy(world.repository);
    assert.deepEqual(Object.keys(outputs.ledger as object).sort(), world.deleted());
    assertSucceeds(await engine.stack.preview("--expect-no-changes"));
  }

  describe("when the disk is full from the third deletion on", () => {
    it("is ended by the next update, without a new approval", async function () {
      if (process.platform !== "linux") this.skip();
      const world = await approvedPackage("acme/full-disk");
      const update = engine.stack.startUp();
      const fill = () => {
        execFileSync("prlimit", ["--pid", String(update.pid), "--fsize=0"]);
        return undefined;
      };
      engine.sandbox.addFault({ match: { method: "DELETE" }, after: 2, effect: { kind: "call", call: fill } });
      assertFails(await update.ended);
      assert.ok(world.deleted().length >= 2);
      await assertComplete(world, ...world.tags());
      engine.sandbox.clearFaults();
      await assertEnded(world);
    });
  });

  describe("when the network is lost from the third deletion on", () => {
    it("is ended by the next update, without a new approval", async () => {
      const world = await approvedPackage("acme/no-network");
      const lose = () => {
        engine.sandbox.addFault({ times: null, effect: { kind: "drop" } });
        return undefined;
      };
      engine.sandbox.addFault({ match: { method: "DELETE" }, after: 2, effect: { kind: "call", call: lose } });
      assertFails(await engine.stack.up());
      engine.sandbox.clearFaults();
      assert.ok(world.deleted().length > 0 && world.deleted().length < 6);
      await assertComplete(world, ...world.tags());
      await assertEnded(world);
    });
  });
});
