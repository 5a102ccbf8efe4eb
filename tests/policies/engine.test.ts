import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../sandbox";
import { Stack } from "../integration/stack";
import { now, PackageWorld, policyFor, usualRules } from "../integration/world";

describe("the policy pack on the engine", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: Stack;

  before(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, "logto-io/logto").deploy({
      release: { days: 90, tags: ["v1.0.0"] },
      old: { days: 60, tags: ["pr-7"] },
      prod: { days: 30, tags: ["prod"] },
    });
    stack = await Stack.create(sandbox);
  });
  after(async () => {
    await stack?.remove();
    await sandbox?.close();
  });

  it("refuses the workflow of December 2023, naming the manifests of prod", async () => {
    const workflow = { name: "delete-untagged", action: "delete", untagged: true, olderThan: "3d", scope: "versions" } as const;
    stack.policies = [policyFor("logto-io/logto", { rules: [workflow] })];
    await stack.writeConfig();
    const { exitCode, output } = await stack.preview("--policy-pack", "policies");
    console.log(output);
    assert.notEqual(exitCode, 0, output);
    assert.match(output, /\[mandatory\]\s+no-untagged-children/);
    assert.match(output, /rule "delete-untagged" has `scope: versions`/);
    for (const { platform, digest } of world.image("prod").children) {
      assert.ok(output.includes(`${digest} (${platform}), needed by prod`), output);
    }
    assert.ok(!output.includes(sandbox.token));
    assert.deepEqual(world.deleted(), []);
  });

  it("lets a plan of whole images pass", async () => {
    stack.policies = [policyFor("logto-io/logto", { rules: [...usualRules] })];
    await stack.writeConfig();
    const { exitCode, output } = await stack.preview("--policy-pack", "policies");
    console.log(output);
    assert.equal(exitCode, 0, output);
    assert.match(output, /delete 5 of 15 versions/);
  });
});
