import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox";
import { assertSucceeds, planIdIn } from "../support/engine/output";
import { Stack } from "../support/engine/stack";
import { now, PackageWorld, policyFor, small } from "../support/engine/world";

describe("what a run saw of the packages", function () {
  this.timeout(180_000);

  const repository = "acme/app";
  let sandbox: Sandbox;
  let stack: Stack;
  let temporary: string;
  before(async () => {
    temporary = await mkdtemp(join(tmpdir(), "ghcr-retention-handover-"));
    sandbox = await startSandbox({ now });
    await new PackageWorld(sandbox, repository).deploy(small);
    stack = await Stack.create(sandbox, { policies: [policyFor(repository)], env: { TMPDIR: temporary } });
  });
  after(async () => {
    await stack?.remove();
    await sandbox?.close();
    await rm(temporary, { recursive: true, force: true });
  });

  async function assertNothingLeft(): Promise<void> {
    assert.deepEqual(
      (await readdir(temporary)).filter((name) => name.startsWith("ghcr-retention")),
      [],
    );
  }

  it("is in no temporary file after a preview, nor after an update, and not in the state", async () => {
    const planId = planIdIn(assertSucceeds(await stack.preview()), repository);
    await assertNothingLeft();
    await stack.approve(planId);
    assertSucceeds(await stack.up());
    await assertNothingLeft();
    const { inputs, outputs } = await stack.policy(repository);
    assert.equal(Object.keys(outputs.ledger as object).length > 0, true);
    for (const name of ["snapshot", "inventory"]) assert.equal(name in inputs || name in outputs, false);
  });
});
