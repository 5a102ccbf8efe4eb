import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertSays, assertSucceeds } from "../support/engine/output";
import { useEngine } from "../support/engine/use-engine";
import { waitFor } from "../support/engine/wait-for";

const marking = join(__dirname, "..", "support", "engine", "mark-provider.cjs");

describe("the provider's process", function () {
  this.timeout(120_000);

  let folder: string;
  let mark: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "provider-"));
    mark = join(folder, "started");
  });
  after(() => rm(folder, { recursive: true }));

  const engine = useEngine({
    packages: {
      "acme/app": {
        pr1: { days: 110, tags: ["pr-1"], attestations: false },
        prod: { days: 50, tags: ["prod"], attestations: false },
      },
    },
    stack: () => ({
      policies: [{ owner: "acme", package: "app", rules: [{ name: "drop-pr", action: "delete", tags: ["pr-*"] }] }],
      env: { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --require ${marking}`, PROVIDER_MARK: mark },
    }),
  });

  it("starts while the package is observed, and leaves no more in the state than the policy needs", async () => {
    engine.sandbox.setLatency(1_000);
    const preview = engine.stack.preview();
    await waitFor("the provider's process", 90, () => existsSync(mark));
    const before = engine.sandbox.requests().length;
    engine.sandbox.setLatency(0);
    assertSays(assertSucceeds(await preview).output, "delete 3 of 6 versions");
    assert.ok(engine.sandbox.requests().length > before, `${before} requests before the provider's process started`);
    assertSucceeds(await engine.stack.up());
    const types = (await engine.stack.resources()).map(({ type }) => type);
    assert.deepEqual(types, ["pulumi:pulumi:Stack", "pulumi:providers:pulumi-nodejs", "pulumi-nodejs:dynamic/ghcr:RetentionPolicy"]);
  });
});
