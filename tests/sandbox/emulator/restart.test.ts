import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pushMultiArchImage, type Sandbox, startSandbox } from "../../../sandbox";
import { callApi, callRegistry, targetOf } from "../../support/emulator/calls";

const pkg = "logto-io/logto";

describe("a sandbox with a folder", () => {
  let dir = "";
  let sandbox: Sandbox;
  beforeEach(async () => {
    dir = mkdtempSync(path.join(tmpdir(), "sandbox-"));
    sandbox = await startSandbox({ dir, now: "2023-12-01T00:00:00Z" });
  });
  afterEach(async () => {
    await sandbox.close();
    rmSync(dir, { recursive: true });
  });

  async function restart(): Promise<void> {
    await sandbox.close();
    sandbox = await startSandbox({ dir });
  }

  it("goes on where it stopped, after whatever happened", async () => {
    const one = await pushMultiArchImage(targetOf(sandbox, pkg), { seed: "one", tags: ["v1", "prod"] });
    sandbox.advanceClock(3600);
    await pushMultiArchImage(targetOf(sandbox, pkg), { seed: "two", tags: ["prod"] });
    const id = sandbox.package(pkg)?.versions.find(({ digest }) => digest === one.children[0]?.digest)?.id;
    await callApi(sandbox, `/orgs/logto-io/packages/container/logto/versions/${id}`, { method: "DELETE" });
    sandbox.seed([{ package: "logto-io/gone", tags: ["v1"] }]);
    await callApi(sandbox, "/orgs/logto-io/packages/container/gone", { method: "DELETE" });
    sandbox.setSwitches({ referrers: "not-found" });
    sandbox.setOwner("gao-sun", "User");
    sandbox.setOwner("strict", "Organization", "no-classic");
    const digest = one.built.index.digest;
    sandbox.reportDeployment("logto-io", {
      name: "logto",
      digest,
      status: "deployed",
      logical_environment: "prod",
      deployment_name: "web",
    });
    const limited = sandbox.createToken({ scopes: ["read:packages"] });
    const [state, token] = [sandbox.state(), sandbox.token];

    for (const _ of [1, 2]) {
      await restart();
      assert.deepEqual(sandbox.state(), state);
      assert.equal(sandbox.token, token);
      assert.equal(sandbox.store.switches.referrers, "not-found");
      assert.equal(sandbox.store.deployments.of("logto-io", digest).length, 1);
      assert.equal(sandbox.store.owners.get("gao-sun").kind, "User");
      assert.equal(sandbox.store.owners.get("strict").tokenPolicy, "no-classic");
      assert.equal((await callApi(sandbox, "/users/logto-io", { token: limited })).headers.get("x-oauth-scopes"), "read:packages");
    }
    const { index, children } = one.built;
    assert.deepEqual((await callRegistry(sandbox, `/v2/${pkg}/manifests/v1`)).bytes, index.bytes);
    for (const blob of children[1]?.blobs ?? []) {
      assert.deepEqual((await callRegistry(sandbox, `/v2/${pkg}/blobs/${blob.digest}`)).bytes, blob.bytes);
    }
    const restored = `/orgs/logto-io/packages/container/logto/versions/${id}/restore`;
    assert.equal((await callApi(sandbox, restored, { method: "POST" })).status, 204);
    const [fresh] = sandbox.seed([{ package: pkg }]);
    assert.ok(
      state.packages.every(({ versions }) => versions.every((version) => version.id < (fresh?.id ?? 0))),
      "ids go on rising",
    );
  });

  it("does without the line that a kill cut short", async () => {
    await pushMultiArchImage(targetOf(sandbox, pkg), { seed: "one", tags: ["v1"] });
    const state = sandbox.state();
    appendFileSync(path.join(dir, "state.jsonl"), '{"packages":[{"id":1,"ow');
    await restart();
    assert.deepEqual(sandbox.state(), state);
    await restart();
    assert.deepEqual(sandbox.state(), state);
  });
});
