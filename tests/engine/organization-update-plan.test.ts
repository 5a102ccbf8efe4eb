import assert from "node:assert/strict";
import { join } from "node:path";
import { assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { useEngine } from "../support/engine/use-engine";
import { small, usualRules } from "../support/engine/world";

const key = "ghcr-retention:organizations";

describe("an organisation's update that is held to a saved plan of the engine", function () {
  this.timeout(300_000);

  const engine = useEngine({
    packages: { "acme/app": { ...small, main: { days: 30, tags: ["main"], attestations: false } } },
    stack: { config: { [key]: [{ owner: "acme", rules: [...usualRules] }] } },
  });

  it("deletes what was approved, though somebody has pushed since, on the day before", async () => {
    assertSucceeds(await engine.stack.up());
    const preview = assertSucceeds(await engine.stack.preview());
    const [, approve] = /organizations\[0\]\.approve' (\S+)/.exec(diagnosticsOf(preview, "acme")) ?? [];
    await engine.stack.configure({ [key]: [{ owner: "acme", rules: [...usualRules], approve }] });
    const planFile = join(engine.stack.folder, "plan.json");
    assertSucceeds(await engine.stack.preview("--save-plan", planFile));
    await engine.world.deploy({ next: { days: 0, tags: ["main"], attestations: false } });
    engine.sandbox.setClock("2026-11-24T12:00:00Z");
    assertSucceeds(await engine.stack.up("--plan", planFile));
    assert.deepEqual(engine.world.deleted(), engine.world.digests("pr1"));
    await assertComplete(engine.world, "main", "prod");
  });
});
