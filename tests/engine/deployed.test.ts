import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf, planIdIn } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { useEngine } from "../support/engine/use-engine";
import { type PackageWorld, policyFor, usualRules } from "../support/engine/world";

const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 90, tags: ["pr-2"], attestations: false },
  pr3: { days: 80, tags: ["pr-3"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
} as const;
const inUse = { github: "required" } as const;

describe("images that GitHub has on record as deployed", function () {
  this.timeout(300_000);

  const engine = useEngine({ packages: { "acme/app": deployments }, each: true });
  let app: PackageWorld;
  beforeEach(() => {
    app = engine.worldOf("acme/app");
    deploy(app.image("pr1").index, "shop-web");
  });

  function deploy(digest: string, name: string): void {
    const where = { logical_environment: "production", cluster: "eu-1", deployment_name: name };
    engine.sandbox.reportDeployment("acme", { name: "app", digest, status: "deployed", ...where });
  }

  it("stay under a policy of the stack's config, which a preview, `explain` and `review` say, and which an apply looks up again", async () => {
    engine.stack.policies = [{ ...policyFor("acme/app"), inUse }];
    await engine.stack.writeConfig();
    const preview = assertSucceeds(await engine.stack.preview());
    const reason = "deployed as shop-web in production (eu-1)";
    assertSays(diagnosticsOf(preview, "acme/app"), "delete 6 of 12 versions (2 images)", reason);
    assertSays(assertSucceeds(await engine.stack.command("explain", "app", "pr-1")).output, `pr-1 stays: ${reason}`);
    assertSays(assertSucceeds(await engine.stack.command("review")).output, reason);

    await engine.stack.approve(planIdIn(preview, "acme/app"));
    deploy(app.image("pr3").children[1]?.digest ?? "", "shop-worker");
    assertFails(await engine.stack.up());
    assert.deepEqual(app.deleted(), []);
    const next = assertFails(await engine.stack.preview());
    assertSays(diagnosticsOf(next, "acme/app"), "linux/arm64 deployed as shop-worker in production (eu-1)");
    await engine.stack.approve(planIdIn(next, "acme/app"));
    assertSucceeds(await engine.stack.up());
    assert.deepEqual(app.deleted(), app.digests("pr2"));
    await assertComplete(app, "pr-1", "pr-3", "prod");
    assertSucceeds(await engine.stack.preview("--expect-no-changes"));
  });

  it("stay under an organisation's policy, and those of a program", async () => {
    const organization = { owner: "acme", packages: ["app"], rules: [...usualRules], inUse, approval: "automatic" };
    await engine.stack.configure({ "ghcr-retention:organizations": [organization] });
    assertSucceeds(await engine.stack.up());
    assert.deepEqual(app.deleted(), app.digests("pr2", "pr3"));

    const other = await engine.deploy("acme/other", deployments);
    deploy(other.image("pr2").index, "other");
    const program = join(__dirname, "..", "support", "engine", "programs", "library");
    const settings = { owner: "acme", package: "other", digest: other.image("prod").index, approval: "automatic", inUse };
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`library:${key}`, value]));
    const stack = await engine.replaceStack({ program, config });
    assertSucceeds(await stack.up());
    assert.deepEqual(other.deleted(), other.digests("pr1", "pr3"));
  });

  it("are not asked for by a token that may not, which is said once, and then nothing goes", async () => {
    engine.stack.policies = [{ ...policyFor("acme/app"), inUse }];
    await engine.stack.writeConfig();
    engine.stack.token = engine.sandbox.createToken({ artifactMetadata: "none" });
    const preview = assertSucceeds(await engine.stack.preview());
    const said = diagnosticsOf(preview, "acme/app");
    assertSays(said, "nothing to delete: keep all 12 versions, 3 withheld", "permission 'Artifact metadata' (read)");
    assert.equal(said.split("permission 'Artifact metadata'").length, 2, said);
  });
});
