import assert from "node:assert/strict";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox";
import { assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { Stack } from "../support/engine/stack";
import { now, PackageWorld, small, usualRules } from "../support/engine/world";

const key = "ghcr-retention:organizations";

describe("an organisation's update that is held to a saved plan of the engine", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: Stack;

  before(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, "acme/app").deploy(small);
    stack = await Stack.create(sandbox, { config: { [key]: [{ owner: "acme", rules: [...usualRules] }] } });
  });
  after(async () => {
    await stack?.remove();
    await sandbox?.close();
  });

  it("deletes what was approved, though somebody has pushed since", async () => {
    const preview = assertSucceeds(await stack.preview());
    const [, approve] = /organizations\[0\]\.approve' (\S+)/.exec(diagnosticsOf(preview, "acme")) ?? [];
    await stack.configure({ [key]: [{ owner: "acme", rules: [...usualRules], approve }] });
    const planFile = join(stack.folder, "plan.json");
    assertSucceeds(await stack.preview("--save-plan", planFile));
    await world.deploy({ main: { days: 0, tags: ["main-1"], attestations: false } });
    assertSucceeds(await stack.up("--plan", planFile));
    assert.deepEqual(world.deleted(), world.digests("pr1"));
    await assertComplete(world, "main-1", "prod");
  });
});
