import assert from "node:assert/strict";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox";
import { assertFails, assertSays, assertSucceeds, planIdIn } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { Stack } from "../support/engine/stack";
import { now, PackageWorld, policyFor } from "../support/engine/world";

const repository = "acme/pinned";
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 80, tags: ["pr-2"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
  main: { days: 30, tags: ["main-1"], attestations: false },
} as const;

describe("an update that is held to a saved plan of the engine", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: Stack;
  let planFile: string;

  before(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy(deployments);
    stack = await Stack.create(sandbox, { policies: [policyFor(repository, { approval: "automatic" })] });
    planFile = join(stack.folder, "plan.json");
    assertSucceeds(await stack.preview("--save-plan", planFile));
  });
  after(async () => {
    await stack?.remove();
    await sandbox?.close();
  });

  describe("when the set has changed since", () => {
    it("violates the plan and deletes nothing", async () => {
      await world.tag("pr2", "v1");
      const up = assertFails(await stack.up("--plan", planFile));
      assertSays(up.output, "violates plan");
      assert.deepEqual(world.deleted(), []);
    });
  });

  describe("when the set is the same", () => {
    it("deletes it, hours later as well", async () => {
      assertSucceeds(await stack.preview("--save-plan", planFile));
      sandbox.setClock("2026-11-23T23:00:00Z");
      assertSucceeds(await stack.up("--plan", planFile));
      assert.deepEqual(world.deleted(), world.digests("pr1"));
      await assertComplete(world, "main-1", "pr-2", "prod", "v1");
    });
  });

  describe("when it was approved the day before", () => {
    it("deletes what was approved", async () => {
      const late = "acme/late";
      const other = await new PackageWorld(sandbox, late).deploy(deployments);
      stack.policies = [policyFor(late)];
      await stack.writeConfig();
      const id = planIdIn(assertSucceeds(await stack.preview()), late);
      await stack.approve(id);
      assertSucceeds(await stack.preview("--save-plan", planFile));
      sandbox.setClock("2026-11-24T01:00:00Z");
      assertSucceeds(await stack.up("--plan", planFile));
      assert.deepEqual(other.deleted(), other.digests("pr1", "pr2"));
      await assertComplete(other, "main-1", "prod");
    });
  });
});
