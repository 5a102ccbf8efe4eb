import assert from "node:assert/strict";
import { join } from "node:path";
import { pushMultiArchImage, type Sandbox, startSandbox } from "../../sandbox";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf, errorsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { Stack } from "../support/engine/stack";
import { now, PackageWorld } from "../support/engine/world";

const program = join(__dirname, "..", "support", "engine", "programs", "in-use");
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 90, tags: ["pr-2"], attestations: false },
  pr3: { days: 80, tags: ["pr-3"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
} as const;

describe("images that another stack says are running", function () {
  this.timeout(300_000);

  let sandbox: Sandbox;
  let cluster: Stack;
  let stack: Stack;
  let app: PackageWorld;
  let host: string;

  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    host = new URL(sandbox.registryUrl).host;
    app = await new PackageWorld(sandbox, "acme/app").deploy(deployments);
    cluster = await Stack.create(sandbox, { program });
    stack = await Stack.create(sandbox, {
      program,
      env: { PULUMI_BACKEND_URL: cluster.env.PULUMI_BACKEND_URL },
      name: "retention",
      config: { "in-use:cluster": "organization/ghcr-retention-in-use/test" },
    });
  });
  afterEach(async () => {
    await stack?.remove();
    await cluster?.remove();
    await sandbox.close();
  });

  async function run(...images: readonly string[]): Promise<void> {
    await cluster.configure({ "in-use:running": images });
    assertSucceeds(await cluster.up());
  }

  it("stay: by tag, by the digest of a platform with its index, and not those of other registries", async () => {
    const platform = app.image("pr2").children[0]?.digest;
    await run(`${host}/acme/app:pr-1`, `${host}/acme/app@${platform}`, "ghcr.io/acme/app:pr-3", "nginx:1.27");
    const said = diagnosticsOf(assertSucceeds(await stack.preview()), "acme/app");
    const from = "output running of the stack organization/ghcr-retention-in-use/test";
    assertSays(said, `in use: 4 references, 2 of them in this package, from ${from}`, `so it protects nothing`, `nginx:1.27 (${from})`);
    assertSucceeds(await stack.up());
    assert.deepEqual(app.deleted(), app.digests("pr3"));
    await assertComplete(app, "pr-1", "pr-2", "prod");
  });

  it("and are not there stop their package, and say what runs them, until they are restored", async () => {
    await run(`${host}/acme/app:prod`);
    assertSucceeds(await stack.up());
    assert.equal(app.deleted().length, 9);

    await new PackageWorld(sandbox, "acme/other").deploy(deployments);
    sandbox.setClock("2026-11-24T12:00:00Z");
    const missing = app.image("pr1").index;
    await run(`${host}/acme/app@${missing}`);
    const up = assertFails(await stack.up());
    assertSays(
      up.output,
      "acme/app: in use, and not in the package; nothing of it is deleted:",
      `${host}/acme/app@${missing} (output running of the stack organization/ghcr-retention-in-use/test): ${missing} can be restored until 2026-12-23`,
    );
    assertSays(diagnosticsOf(up, "acme"), "1 failed");
    // The other package of the organisation goes on.
    assert.equal(sandbox.package("acme/other")?.deleted.length, 9);

    await stack.configure({ "in-use:restore": [missing] });
    assertSucceeds(await stack.up());
    await assertComplete(app, "pr-1", "prod");
    assertSucceeds(await stack.up());
  });

  it("fail where their whole package is gone, and where the other stack says nothing", async () => {
    await run(`${host}/acme/gone:prod`, `${host}/acme/app:nowhere`);
    const preview = assertFails(await stack.preview());
    assertSays(errorsOf(preview, "acme"), "in use, but the whole package is missing");
    assertSays(
      preview.output,
      `${host}/acme/gone:prod (output running of`,
      "app:nowhere",
      "GitHub cannot restore it either; push it again",
    );
    assert.deepEqual(app.deleted(), []);

    await pushMultiArchImage({ ...app.target, repository: "acme/gone" }, { seed: "gone", tags: ["prod"] });
    await cluster.configure({ "in-use:running": undefined });
    assertSucceeds(await cluster.up());
    assertSays(assertFails(await stack.up()).output, "Required output 'running' does not exist");
    await run();
    assertSays(
      assertFails(await stack.up()).output,
      "images in use: output running of the stack",
      "names no image, and nothing would be protected by it",
    );
    assert.deepEqual(app.deleted(), []);
  });
});
