import assert from "node:assert/strict";
import { assertFails, assertSays, assertSaysOnce, assertSucceeds, diagnosticsOf, errorsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, small, usualRules } from "../support/engine/world";
import { waitingPlanId } from "../support/lifecycle/simulated-stack";

const key = "ghcr-retention:organizations";

/** The id that approves everything, as the summary's line has it. */
function organizationIdIn(outcome: Outcome): string {
  const found = /organizations\[0\]\.approve' (\d{4}-\d{2}-\d{2}-[0-9a-f]{12})/.exec(diagnosticsOf(outcome, "acme"));
  assert.ok(found?.[1], outcome.output);
  return found[1];
}

describe("an organisation's policy", function () {
  this.timeout(300_000);

  const organization = { owner: "acme", packages: ["*", "!legacy-*"], rules: [...usualRules] };
  const engine = useEngine({
    packages: { "acme/app": small, "acme/team/web": small, "acme/legacy-shop": small },
    stack: { config: { [key]: [organization] } },
    each: true,
  });
  const configure = (changes: object) => engine.stack.configure({ [key]: [{ ...organization, ...changes }] });

  async function add(...repositories: readonly string[]): Promise<void> {
    for (const repository of repositories) await engine.deploy(repository, small);
  }

  /** The packages that have a policy in the stack. */
  async function declared(): Promise<string[]> {
    const resources = await engine.stack.resources();
    return resources
      .filter(({ type }) => type.endsWith(":RetentionPolicy"))
      .map(({ id }) => id ?? "")
      .sort();
  }

  describe("when packages come and go", () => {
    it("declares a policy for each that is selected, under itself, and never deletes with one that leaves", async () => {
      const first = assertSucceeds(await engine.stack.up());
      assert.deepEqual(await declared(), ["acme/app", "acme/team/web"]);
      const [{ urn } = { urn: "" }] = (await engine.stack.resources()).filter(({ id }) => id === "acme/app");
      assert.match(urn, /::ghcr:index:OrganizationRetention\$pulumi-nodejs:dynamic\/ghcr:RetentionPolicy::acme\/app$/);
      assertSays(diagnosticsOf(first, "acme"), /^2 packages with 12 versions: 6 planned; 2 plans waiting/m);

      await add("acme/new");
      const preview = assertSucceeds(await engine.stack.preview());
      assertSays(diagnosticsOf(preview, "acme/new"), /^plan \S+: delete 3 of 6 versions/m);
      await configure({ packages: ["new", "app"] });
      engine.sandbox.clearRequests();
      const left = assertSucceeds(await engine.stack.up());
      assertSays(
        left.output,
        "acme/team/web: its policy leaves the stack; nothing is deleted in the registry, and nothing is left to restore.",
      );
      assert.deepEqual(await declared(), ["acme/app", "acme/new"]);
      assert.deepEqual(
        [...engine.worlds.values()].flatMap((each) => each.deleted()),
        [],
      );
      assert.ok(engine.sandbox.requests().every(({ method, path }) => method !== "DELETE" && !path.endsWith("/orgs/acme/packages")));
    });
  });

  describe("when all plans of one preview are approved at once", () => {
    it("carries out exactly these, on another day, and nothing that came later", async () => {
      const preview = assertSucceeds(await engine.stack.preview());
      const id = organizationIdIn(preview);
      assertSays(diagnosticsOf(preview, "acme/app"), 'overrides["app"].approve');
      assertSucceeds(await engine.stack.config("set", "--path", "ghcr-retention:organizations[0].approve", id));

      await add("acme/later");
      engine.sandbox.setClock("2026-11-24T12:00:00Z");
      const next = assertSucceeds(await engine.stack.preview());
      assertSays(diagnosticsOf(next, "acme"), `approval ${id} stands in 2 packages`, /acme\/?later|later +waiting since/);
      assertSucceeds(await engine.stack.up());
      for (const repository of ["acme/app", "acme/team/web"]) {
        assert.deepEqual(engine.worldOf(repository).deleted(), engine.worldOf(repository).digests("pr1"), repository);
        await assertComplete(engine.worldOf(repository), "prod");
      }
      assert.deepEqual(engine.worldOf("acme/later").deleted(), []);
      assert.deepEqual(engine.worldOf("acme/legacy-shop").deleted(), []);

      const done = assertSucceeds(await engine.stack.up());
      assertSays(diagnosticsOf(done, "acme"), `approval ${id} stands in 2 packages`, "6 deleted and restorable");
    });

    it("holds on to what is on record where another package has changed, and lets it only lose members", async () => {
      const id = organizationIdIn(assertSucceeds(await engine.stack.up()));
      await engine.worldOf("acme/app").tag("pr1", "prod");
      await add("acme/late");
      await configure({ approve: id });
      assertSucceeds(await engine.stack.up());
      assert.deepEqual(engine.worldOf("acme/team/web").deleted(), engine.worldOf("acme/team/web").digests("pr1"));
      assert.deepEqual(engine.worldOf("acme/app").deleted(), []);
    });

    it("is void where it is on no record and the plans as of its day are others", async () => {
      const id = organizationIdIn(assertSucceeds(await engine.stack.preview()));
      await engine.worldOf("acme/app").tag("pr1", "prod");
      await configure({ approve: id });
      const up = assertFails(await engine.stack.up());
      assertSays(diagnosticsOf(up, "acme"), "To approve all that waits");
      assertSays(errorsOf(up, "acme"), `acme: approval ${id} is void: it is on record in no package`);
      assertSaysOnce(up, `approval ${id} is void`);
      assert.deepEqual(
        [...engine.worlds.values()].flatMap((each) => each.deleted()),
        [],
      );
    });

    it("covers only what was ripe on its day, with grace", async () => {
      await configure({ grace: "2d" });
      assertSucceeds(await engine.stack.up());
      engine.sandbox.setClock("2026-11-26T12:00:00Z");
      const id = organizationIdIn(assertSucceeds(await engine.stack.preview()));
      await configure({ grace: "2d", approve: id });
      engine.sandbox.setClock("2026-11-27T12:00:00Z");
      assertSucceeds(await engine.stack.up());
      assert.deepEqual(engine.worldOf("acme/app").deleted(), engine.worldOf("acme/app").digests("pr1"));
      assert.deepEqual(engine.worldOf("acme/team/web").deleted(), engine.worldOf("acme/team/web").digests("pr1"));
    });
  });

  describe("when the token may delete and not restore", () => {
    it("says so under each package, and once in the summary", async () => {
      engine.stack.token = engine.sandbox.createToken({ scopes: ["read:packages", "delete:packages"] });
      const preview = assertSucceeds(await engine.stack.preview());
      const notice = "this run's token may delete but not restore";
      assertSays(diagnosticsOf(preview, "acme/team/web"), new RegExp(`^${notice}`, "m"));
      const summary = diagnosticsOf(preview, "acme");
      assertSays(summary, new RegExp(`^app, team/web: ${notice}`, "m"));
      assert.equal(summary.split(notice).length, 2);
    });
  });

  describe("when one package is approved by itself", () => {
    it("carries out that one", async () => {
      const id = await waitingPlanId(engine.sandbox, policyFor("acme/team/web"));
      assertSucceeds(await engine.stack.config("set", "--path", 'ghcr-retention:organizations[0].overrides["team/web"].approve', id));
      assertSucceeds(await engine.stack.up());
      assert.deepEqual(engine.worldOf("acme/team/web").deleted(), engine.worldOf("acme/team/web").digests("pr1"));
      assert.deepEqual(engine.worldOf("acme/app").deleted(), []);
    });
  });

  describe("when a package cannot be read", () => {
    beforeEach(async () => {
      await configure({ approval: "automatic" });
      engine.sandbox.addFault({
        match: { surface: "registry", pattern: "/app/manifests/" },
        times: null,
        effect: { kind: "status", status: 403 },
      });
    });

    it("stops only that one, and fails at the end", async () => {
      const up = assertFails(await engine.stack.up());
      assertSays(errorsOf(up, "acme/app"), "the registry refuses the token (403)");
      assertSays(diagnosticsOf(up, "acme"), "1 failed", /^ +app +failed: the registry refuses the token \(403\)/m);
      assert.deepEqual(engine.worldOf("acme/team/web").deleted(), engine.worldOf("acme/team/web").digests("pr1"));
      assert.deepEqual(engine.worldOf("acme/app").deleted(), []);
    });

    it("only warns where asked", async () => {
      await configure({ approval: "automatic", onError: "warn" });
      const up = assertSucceeds(await engine.stack.up());
      assertSays(diagnosticsOf(up, "acme/app"), "warning: acme/app@sha256:");
      assertSays(diagnosticsOf(up, "acme"), "1 failed");
      assert.deepEqual(engine.worldOf("acme/team/web").deleted(), engine.worldOf("acme/team/web").digests("pr1"));
      assert.deepEqual(await declared(), ["acme/app", "acme/team/web"]);
    });
  });

  describe("when the packages cannot be listed", () => {
    it("names the remedy, and leaves the stack as it is", async () => {
      assertSucceeds(await engine.stack.up());
      engine.stack.token = engine.sandbox.createToken({ kind: "installation" });
      await configure({ onError: "warn" });
      const up = assertFails(await engine.stack.up());
      assertSays(
        up.output,
        "acme: GitHub answered 400: Invalid argument. So GitHub answers a token that may not list the owner's packages: GITHUB_TOKEN cannot list them",
        "name the packages one by one",
      );
      assert.deepEqual(await declared(), ["acme/app", "acme/team/web"]);

      await configure({ packages: ["app", "team/web"] });
      assertSucceeds(await engine.stack.up());
    });
  });

  describe("when a package of it has a policy of its own in the stack", () => {
    it("refuses to guess which one holds; moved here, it keeps its ledger", async () => {
      engine.stack.policies = [{ owner: "acme", package: "app", rules: [...usualRules], approval: "automatic" }];
      await configure({ packages: ["team/web"] });
      assertSucceeds(await engine.stack.up());
      assert.equal(engine.worldOf("acme/app").deleted().length, 3);

      await configure({});
      assertSays(assertFails(await engine.stack.preview()).output, "acme/app has one at ghcr-retention:policies[0]");
      engine.stack.policies = [];
      await configure({});
      assertSucceeds(await engine.stack.up());
      const { outputs } = await engine.stack.policy("acme/app");
      assert.deepEqual(Object.keys(outputs.ledger as object).sort(), engine.worldOf("acme/app").deleted());
    });
  });
});
