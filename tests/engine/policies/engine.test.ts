import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertFails, assertSays, assertSucceeds, planIdIn } from "../../support/engine/output";
import { Stack } from "../../support/engine/stack";
import { now, PackageWorld, policyFor } from "../../support/engine/world";
import { compiledPack } from "../../support/policies/compiled-pack";

const repository = "logto-io/logto";
/** As `--policy-pack policies` in a clone of the repository. */
const sources = join(__dirname, "..", "..", "..", "policies");
const pack = ["--policy-pack", compiledPack];
const workflowOf2023 = { name: "delete-untagged", action: "delete", untagged: true, olderThan: "3d", scope: "versions" } as const;

describe("the policy pack on the real engine", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: Stack;

  before(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy({
      release: { days: 90, tags: ["v1.0.0"] },
      pullRequest: { days: 60, tags: ["pr-7"] },
      prod: { days: 30, tags: ["prod"] },
    });
    stack = await Stack.create(sandbox);
  });
  beforeEach(() => {
    stack.policies = [policyFor(repository)];
  });
  after(async () => {
    await stack?.remove();
    await sandbox?.close();
  });

  it("refuses the workflow of December 2023, naming the manifests of prod", async () => {
    await stack.change({ rules: [workflowOf2023] });
    const { output } = assertFails(await stack.preview("--policy-pack", sources));
    assertSays(output, /\[mandatory\].* no-untagged-children /, 'rule "delete-untagged" has `scope: versions`');
    assertSays(output, ...world.image("prod").children.map(({ platform, digest }) => `${digest} (${platform}), needed by prod`));
    assert.ok(!output.includes(sandbox.token));
  });

  it("stops an update before its first deletion, whatever is approved", async () => {
    const dropPullRequests = { name: "drop-pr-builds", action: "delete", tags: ["pr-*"] } as const;
    await stack.change({ rules: [workflowOf2023, dropPullRequests], approval: "automatic" });
    assertSays(assertFails(await stack.up(...pack)).output, 'rule "delete-untagged" has `scope: versions`');
    assert.deepEqual(world.deleted(), []);
  });

  it("lets a policy of whole images pass, from its preview to its apply", async () => {
    await stack.writeConfig();
    const preview = assertSucceeds(await stack.preview(...pack));
    assert.doesNotMatch(preview.output, /no-untagged-children/);

    await stack.approve(planIdIn(preview, repository));
    assertSucceeds(await stack.up(...pack));
    assert.deepEqual(world.deleted(), world.digests("pullRequest"));
  });

  describe("with verifyLive", () => {
    async function preview() {
      const file = join(stack.folder, "live.json");
      await writeFile(file, JSON.stringify({ "no-untagged-children": { verifyLive: true, registryHosts: ["127.0.0.1"] } }));
      await stack.writeConfig();
      return stack.preview(...pack, "--policy-pack-config", file);
    }

    it("lets a plan pass that the registry confirms", async () => {
      const before = sandbox.requests().length;
      assert.doesNotMatch(assertSucceeds(await preview()).output, /no-untagged-children/);
      const asked = sandbox.requests().slice(before);
      assert.ok(asked.some(({ path }) => path.includes("/tags/list")));
    });

    it("refuses a plan that the registry does not answer for", async () => {
      sandbox.addFault({ match: { surface: "registry", path: "/tags/list" }, times: null, effect: { kind: "status", status: 403 } });
      const { output } = assertFails(await preview());
      assertSays(output, /\[mandatory\].* no-untagged-children /, "the list of tags cannot be read: 403");
      assert.ok(!output.includes(sandbox.token));
      sandbox.clearFaults();
    });
  });
});
