import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertSucceeds, planIdIn } from "../support/engine/output";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, small } from "../support/engine/world";

describe("what a run saw of the packages", function () {
  this.timeout(300_000);

  const repository = "acme/app";
  const engine = useEngine({
    packages: { [repository]: small },
    stack: () => ({ policies: [policyFor(repository)], env: { TMPDIR: temporary } }),
  });
  let temporary: string;
  before(async () => {
    temporary = await mkdtemp(join(tmpdir(), "ghcr-retention-handover-"));
  });
  after(() => rm(temporary, { recursive: true, force: true }));

  async function assertNothingLeft(): Promise<void> {
    assert.deepEqual(
      (await readdir(temporary)).filter((name) => name.startsWith("ghcr-retention")),
      [],
    );
  }

  it("is in no temporary file after a preview, nor after an update, and not in the state", async () => {
    const planId = planIdIn(assertSucceeds(await engine.stack.preview()), repository);
    await assertNothingLeft();
    await engine.stack.approve(planId);
    assertSucceeds(await engine.stack.up());
    await assertNothingLeft();
    const { inputs, outputs } = await engine.stack.policy(repository);
    assert.equal(Object.keys(outputs.ledger as object).length > 0, true);
    for (const name of ["snapshot", "inventory"]) assert.equal(name in inputs || name in outputs, false);
  });
});
