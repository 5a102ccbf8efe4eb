import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chosenEngine } from "../../../scripts/setup/engine-record.mjs";
import { isAtLeast } from "../../../scripts/setup/version.mjs";
import { assertFails, assertSays, assertSucceeds, planIdIn } from "../../support/engine/output";
import { compiledPolicies, Stack } from "../../support/engine/stack";
import { useEngine } from "../../support/engine/use-engine";
import { policyFor } from "../../support/engine/world";

const repository = "logto-io/logto";
/** As `--policy-pack policies` in a clone of the repository. */
const sources = join(__dirname, "..", "..", "..", "policies");
const pack = ["--policy-pack", compiledPolicies];
const workflowOf2023 = { name: "delete-untagged", action: "delete", untagged: true, olderThan: "3d", scope: "versions" } as const;

describe("the policy pack on the real engine", function () {
  this.timeout(300_000);

  const engine = useEngine({
    packages: {
      [repository]: {
        release: { days: 90, tags: ["v1.0.0"] },
        pullRequest: { days: 60, tags: ["pr-7"] },
        prod: { days: 30, tags: ["prod"] },
      },
    },
  });
  beforeEach(() => {
    engine.stack.policies = [policyFor(repository)];
  });

  it("refuses the workflow of December 2023, naming the manifests of prod", async () => {
    await engine.stack.change({ rules: [workflowOf2023] });
    const { output } = assertFails(await engine.stack.preview("--policy-pack", sources));
    assertSays(output, /\[mandatory\].* no-untagged-children /, 'rule "delete-untagged" has `scope: versions`');
    assertSays(output, ...engine.world.image("prod").children.map(({ platform, digest }) => `${digest} (${platform}), needed by prod`));
    assert.ok(!output.includes(engine.sandbox.token));
  });

  it("stops an update before its first deletion, whatever is approved", async () => {
    const dropPullRequests = { name: "drop-pr-builds", action: "delete", tags: ["pr-*"] } as const;
    await engine.stack.change({ rules: [workflowOf2023, dropPullRequests], approval: "automatic" });
    assertSays(assertFails(await engine.stack.up(...pack)).output, 'rule "delete-untagged" has `scope: versions`');
    assert.deepEqual(engine.world.deleted(), []);
  });

  it("lets a policy of whole images pass, from its preview to its apply", async () => {
    await engine.stack.writeConfig();
    const preview = assertSucceeds(await engine.stack.preview(...pack));
    assert.doesNotMatch(preview.output, /no-untagged-children/);

    await engine.stack.approve(planIdIn(preview, repository));
    assertSucceeds(await engine.stack.up(...pack));
    assert.deepEqual(engine.world.deleted(), engine.world.digests("pullRequest"));
  });

  it("drops the stack's config, with its secrets, before it judges anything", async () => {
    const notes = join(engine.stack.folder, "notes.jsonl");
    const preload = `--require ${join(__dirname, "..", "..", "support", "engine", "programs", "noting-environment.cjs")}`;
    const noting = await Stack.create(engine.sandbox, {
      token: null,
      policies: [policyFor(repository)],
      passphrase: true,
      env: { NOTES: notes, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${preload}` },
    });
    try {
      assertSucceeds(await noting.config("set", "--secret", "ghcr-retention:token", engine.sandbox.token));
      assertSucceeds(await noting.preview(...pack));
    } finally {
      await noting.remove();
    }
    const noted = (await readFile(notes, "utf8")).trim().split("\n");
    assert.ok(noted[0]?.includes(engine.sandbox.token), "the engine hands it over");
    assert.equal(noted.at(-1), "null");
  });

  describe("with settings that are wrong", () => {
    async function previewWith(settings: object) {
      const file = join(engine.stack.folder, "settings.json");
      await writeFile(file, JSON.stringify(settings));
      await engine.stack.writeConfig();
      return engine.stack.preview(...pack, "--policy-pack-config", file);
    }

    for (const [what, settings, says] of [
      [
        "an unknown key",
        { "minimum-grace": { enforcementLevel: "mandatory", grase: "30d" } },
        /minimum-grace: unknown keys in the policy's config; expected `enforcementLevel`, `grace`, `minimumAge`:\s+grase/,
      ],
      [
        "a key of a policy without config",
        { "no-untagged-children-elsewhere": { allow: [] } },
        /no-untagged-children-elsewhere: unknown keys/,
      ],
      ["an unknown level", { "minimum-grace": { enforcementLevel: "mandatry" } }, /"mandatry" is not a valid enforcement level/],
      ["a value of a wrong kind", { "minimum-grace": { enforcementLevel: "mandatory", grace: 7 } }, /minimum-grace: grace: Invalid type/],
    ] as const) {
      it(`refuses ${what}`, async () => assertSays(assertFails(await previewWith(settings)).output, says));
    }

    it("says of a policy without the value that it needs that it refuses nothing", async () => {
      const { output } = assertSucceeds(await previewWith({ "protected-tags": { enforcementLevel: "mandatory", tags: [] } }));
      assertSays(output, "protected-tags refuses nothing until its config has `tags`.");
      assertSays(output, "no-weakened-organization-rules refuses nothing until its config has the organisation's `rules`.");
    });
  });

  it("can be overruled by an exception, of which the engine prints no more than the policy's name", async function () {
    const { version = "" } = (await chosenEngine()) ?? {};
    if (!isAtLeast(version, "3.276.0")) this.skip();
    await engine.stack.change({ rules: [workflowOf2023] });
    const targets = [`urn:pulumi:test::ghcr-retention::pulumi-nodejs:dynamic/ghcr:RetentionPolicy::${repository}`];
    const match = [{ policies: ["no-untagged-children"], targets }];
    const settings = { version: 2, policies: {}, exceptions: { "EXC-1": { reason: "agreed with the owners", match } } };
    const file = join(engine.stack.folder, "exceptions.json");
    await writeFile(file, JSON.stringify(settings));
    const { output } = assertSucceeds(await engine.stack.preview(...pack, "--policy-pack-config", file));
    assertSays(output, "[exempted]  no-untagged-children  (1 violation)");
  });

  describe("with verifyLive", () => {
    async function preview() {
      const file = join(engine.stack.folder, "live.json");
      await writeFile(file, JSON.stringify({ "no-untagged-children": { verifyLive: true, registryHosts: ["127.0.0.1"] } }));
      await engine.stack.writeConfig();
      return engine.stack.preview(...pack, "--policy-pack-config", file);
    }

    it("lets a plan pass that the registry confirms", async () => {
      const before = engine.sandbox.requests().length;
      assert.doesNotMatch(assertSucceeds(await preview()).output, /no-untagged-children/);
      const asked = engine.sandbox.requests().slice(before);
      assert.ok(asked.some(({ path }) => path.includes("/tags/list")));
    });

    it("refuses a plan that the registry does not answer for", async () => {
      engine.sandbox.addFault({ match: { surface: "registry", path: "/tags/list" }, times: null, effect: { kind: "status", status: 403 } });
      const { output } = assertFails(await preview());
      assertSays(output, /\[mandatory\].* no-untagged-children /, "the list of tags cannot be read: 403");
      assert.ok(!output.includes(engine.sandbox.token));
      engine.sandbox.clearFaults();
    });
  });
});
