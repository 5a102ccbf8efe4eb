import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf, planIdIn } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { useEngine } from "../support/engine/use-engine";
import { medium, PackageWorld, policyFor } from "../support/engine/world";

const repository = "acme/pinned";

describe("an update that is held to a saved plan of the engine", function () {
  this.timeout(300_000);

  const engine = useEngine({
    packages: { [repository]: medium },
    stack: { policies: [policyFor(repository, { approval: "automatic" })] },
  });
  let planFile: string;
  before(async () => {
    planFile = join(engine.stack.folder, "plan.json");
    assertSucceeds(await engine.stack.preview("--save-plan", planFile));
  });

  describe("when the set has changed since", () => {
    it("violates the plan and deletes nothing", async () => {
      await engine.world.tag("pr2", "v1");
      const up = assertFails(await engine.stack.up("--plan", planFile));
      assertSays(up.output, "violates plan");
      assert.deepEqual(engine.world.deleted(), []);
    });
  });

  describe("when the set is the same", () => {
    it("deletes it, hours later as well", async () => {
      assertSucceeds(await engine.stack.preview("--save-plan", planFile));
      engine.sandbox.setClock("2026-11-23T23:00:00Z");
      assertSucceeds(await engine.stack.up("--plan", planFile));
      assert.deepEqual(engine.world.deleted(), engine.world.digests("pr1"));
      await assertComplete(engine.world, "main-1", "pr-2", "prod", "v1");
    });
  });

  describe("when a package of the stack has moved since", () => {
    it("stops there, and the next update carries out what was approved of the others", async () => {
      const [still, moved] = ["acme/still", "acme/moved"];
      for (const name of [still, moved]) await engine.deploy(name, medium);
      engine.stack.policies = [policyFor(still), policyFor(moved)];
      await engine.stack.writeConfig();
      const shown = assertSucceeds(await engine.stack.up());
      await engine.stack.approve(/^ *plan (\S+) waits/m.exec(diagnosticsOf(shown, still))?.[1] ?? "none", 0);
      assertSucceeds(await engine.stack.preview("--save-plan", planFile));
      // A push takes a tag of the plan that waits.
      await engine.worldOf(moved).deploy({ again: { days: 0, tags: ["pr-2"], attestations: false } });
      const up = assertFails(await engine.stack.up("--plan", planFile));
      assertSays(up.output, new RegExp(`::${moved} violates plan: properties changed: .*pending`));
      assert.deepEqual(engine.worldOf(moved).deleted(), []);
      // Which packages the engine has come to by then depends on the machine.
      assertSucceeds(await engine.stack.up());
      assert.deepEqual(engine.worldOf(still).deleted(), engine.worldOf(still).digests("pr1", "pr2"));
      assert.deepEqual(engine.worldOf(moved).deleted(), []);
    });
  });

  describe("when it was approved the day before", () => {
    it("deletes what was approved", async () => {
      const late = "acme/late";
      const other = await new PackageWorld(engine.sandbox, late).deploy(medium);
      engine.stack.policies = [policyFor(late)];
      await engine.stack.writeConfig();
      const id = planIdIn(assertSucceeds(await engine.stack.preview()), late);
      await engine.stack.approve(id);
      assertSucceeds(await engine.stack.preview("--save-plan", planFile));
      await other.deploy({ next: { days: 0, tags: ["pr-301"], attestations: false } });
      engine.sandbox.setClock("2026-11-24T01:00:00Z");
      assertSucceeds(await engine.stack.up("--plan", planFile));
      assert.deepEqual(other.deleted(), other.digests("pr1", "pr2"));
      await assertComplete(other, "main-1", "pr-301", "prod");
    });
  });
});
