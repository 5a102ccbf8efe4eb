import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TokenRequest } from "../../sandbox";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf, errorsOf, planIdIn } from "../support/engine/output";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, small } from "../support/engine/world";
import { waitingPlanId } from "../support/lifecycle/simulated-stack";

const repository = "acme/app";

describe("the token", function () {
  this.timeout(300_000);

  const engine = useEngine({ packages: { [repository]: small }, stack: { policies: [policyFor(repository)] }, each: true });
  beforeEach(() => engine.sandbox.clearRequests());

  function token(...scopes: string[]): string {
    return engine.sandbox.createToken({ scopes } satisfies TokenRequest);
  }

  /** Whatever the engine wrote and said, with the name of the place. */
  async function everything(outcomes: readonly Outcome[]): Promise<Map<string, string>> {
    const entries = await readdir(engine.stack.folder, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    const texts = await Promise.all(files.map(async (file) => [file, await readFile(file, "utf8")] as const));
    const said = outcomes.map(({ output }, place) => [`output ${place}`, output] as const);
    return new Map([...texts, ...said, ["state", await engine.stack.export()]]);
  }

  async function assertNowhere(secret: string, outcomes: readonly Outcome[]): Promise<void> {
    const forms = [secret, Buffer.from(secret).toString("base64"), Buffer.from(`x:${secret}`).toString("base64").slice(4)];
    for (const [place, text] of await everything(outcomes)) {
      for (const form of forms) assert.ok(!text.includes(form), `${place} holds the token: ${excerpt(text, form)}`);
    }
  }

  function excerpt(text: string, form: string): string {
    const at = text.indexOf(form);
    return text.slice(Math.max(0, at - 200), at).replace(/\s+/g, " ");
  }

  describe("when it is a secret of the stack's config", () => {
    it("does the work, and stands nowhere in the clear: state, saved plan, output, errors", async () => {
      const secret = token("read:packages", "write:packages", "delete:packages");
      await engine.replaceStack({ token: null, policies: [policyFor(repository)], passphrase: true });
      assertSucceeds(await engine.stack.config("set", "--secret", "ghcr-retention:token", secret));
      const preview = assertSucceeds(await engine.stack.preview("--save-plan", join(engine.stack.folder, "plan.json")));

      assertSucceeds(await engine.stack.config("set", "--path", "ghcr-retention:policies[0].approve", planIdIn(preview, repository)));
      engine.sandbox.addFault({
        match: { method: "DELETE" },
        after: 1,
        effect: { kind: "status", status: 401, body: { message: "Bad credentials" } },
      });
      const broken = assertFails(await engine.stack.up());
      assertSays(errorsOf(broken, repository), "GitHub answered 401: Bad credentials");
      const done = assertSucceeds(await engine.stack.up());
      assert.deepEqual(engine.world.deleted(), engine.world.digests("pr1"));
      await assertNowhere(secret, [preview, broken, done]);
    });
  });

  describe("when it may delete and not restore", () => {
    it("is named in the preview, before anything is deleted, and an update with another token has the same inputs", async () => {
      engine.sandbox.setSwitches({ deletedListsToReaders: false });
      await engine.replaceStack({ token: token("read:packages", "delete:packages"), policies: [policyFor(repository)] });
      const preview = assertSucceeds(await engine.stack.preview());
      assertSays(diagnosticsOf(preview, repository), "this run's token may delete but not restore, since it has no scope write:packages");
      await engine.stack.approve(planIdIn(preview, repository));
      const plan = join(engine.stack.folder, "plan.json");
      assertSays(
        diagnosticsOf(assertSucceeds(await engine.stack.preview("--save-plan", plan)), repository),
        "approved: `pulumi up` deletes these.",
        "this run's token may delete but not restore",
      );
      engine.stack.token = token("read:packages", "delete:packages", "write:packages");
      const up = assertSucceeds(await engine.stack.up("--plan", plan));
      assert.deepEqual(engine.world.deleted(), engine.world.digests("pr1"));
      assert.doesNotMatch(up.output, /may delete but not restore/);
    });
  });

  // The engine's own debug logs print every secret of the config, whatever a provider does; what it was never told, it cannot print.
  describe("when it is in GITHUB_TOKEN", () => {
    it("stands nowhere: debug logs, saved plan, state, cache, and what the commands print", async () => {
      const secret = token("read:packages", "write:packages", "delete:packages");
      await engine.replaceStack({ token: secret, policies: [policyFor(repository)], env: { DEBUG: "*" } });
      const preview = assertSucceeds(await engine.stack.preview("--save-plan", join(engine.stack.folder, "plan.json"), "--debug"));
      const planId = planIdIn(preview, repository);
      await engine.stack.approve(planId);
      engine.sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "drop", handled: true } });
      const up = assertSucceeds(await engine.stack.up("--debug", "--logtostderr", "--logflow", "-v=9"));
      // The program's, then the engine's own, which earlier releases wrote otherwise.
      assertSays(up.output, "debug: RegisterResource RPC prepared: t=pulumi-nodejs:dynamic/ghcr:RetentionPolicy");
      assertSays(up.output, /^(I\d{4} |.*\{"time":"[^"]+","level":"INFO")/m);
      assert.deepEqual(engine.world.deleted(), engine.world.digests("pr1"));

      const explained = assertSucceeds(await engine.stack.command("explain", "app", "prod"));
      const unknown = assertFails(await engine.stack.command("explain", "app", "nothing-like-it"));
      const restored = assertSucceeds(await engine.stack.command("restore", "--plan", planId));
      assert.deepEqual(engine.world.deleted(), []);
      engine.sandbox.addFault({
        match: { path: "/users/" },
        effect: { kind: "status", status: 401, body: { message: "Bad credentials" } },
      });
      const refused = assertFails(await engine.stack.command("restore", "--plan", planId));
      assertSays(refused.output, `ghcr-retention: ${repository}: GitHub answered 401: Bad credentials`);
      const refreshed = assertSucceeds(await engine.stack.refresh("--debug"));
      const examined = await engine.stack.command("doctor", "--json");
      assertSays(examined.output, '"kind": "classic"');
      const outcomes = [preview, up, explained, unknown, restored, refused, refreshed, examined];
      assert.ok(
        [...(await everything(outcomes)).keys()].some((place) => place.includes("/cache/")),
        "there is a cache",
      );
      await assertNowhere(secret, outcomes);
    });

    it("stands in no crash: requests throw what no library should, and hold themselves in it", async () => {
      const secret = token("read:packages", "write:packages", "delete:packages");
      const throwing = {
        NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --require ${join(__dirname, "..", "support", "engine", "programs", "throwing-requests.cjs")}`,
        THROW_AT: "/manifests/",
      };
      await engine.replaceStack({ token: secret, policies: [policyFor(repository, { approval: "automatic" })], env: throwing });
      const outcomes = [
        await engine.stack.preview("--debug"),
        await engine.stack.up("--debug"),
        await engine.stack.command("explain", "app", "prod"),
      ];
      for (const outcome of outcomes) {
        assertFails(outcome);
        assertSays(outcome.output, /acme\/app@sha256:[0-9a-f]{64}: the registry could not be reached \(something unexpected\)/);
        assert.equal(/authorization|user-agent/i.test(outcome.output), false, outcome.output);
      }
      await assertNowhere(secret, outcomes);
      assert.deepEqual(engine.world.deleted(), []);
    });
  });

  describe("when it is that of a workflow", () => {
    it("previews and applies, without ever listing packages", async () => {
      await engine.replaceStack({ token: engine.sandbox.createToken({ kind: "installation" }), policies: [policyFor(repository)] });
      const preview = assertSucceeds(await engine.stack.preview());
      assertSays(diagnosticsOf(preview, repository), "delete 3 of 6 versions");
      await engine.stack.approve(planIdIn(preview, repository));
      assertSucceeds(await engine.stack.up());
      assert.deepEqual(engine.world.deleted(), engine.world.digests("pr1"));
      assert.deepEqual(
        engine.sandbox.requests().filter(({ status }) => status === 403),
        [],
      );
    });
  });

  describe("when it is a fine-grained one", () => {
    it("is refused with the reason before any request, by program, provider and commands", async () => {
      const secret = engine.sandbox.createToken({ kind: "fine-grained" });
      await engine.replaceStack({ token: engine.sandbox.token, policies: [policyFor(repository)] });
      const planId = await waitingPlanId(engine.sandbox, policyFor(repository));
      assertSucceeds(await engine.stack.up());
      engine.stack.token = secret;
      engine.sandbox.clearRequests();
      const outcomes = [await engine.stack.up(), await engine.stack.refresh(), await engine.stack.command("explain", "app", "prod")];
      for (const outcome of outcomes) {
        assertFails(outcome);
        assertSays(
          outcome.output,
          /the token is a fine-grained one \(github_pat_…\), and GitHub's packages take none of these: use a classic token/,
        );
      }
      assertFails(await engine.stack.command("restore", "--plan", planId));
      assert.deepEqual(engine.sandbox.requests(), []);
      await assertNowhere(secret, outcomes);
    });
  });

  describe("when it may only read", () => {
    it("previews, and the apply names the scope that is missing", async () => {
      await engine.replaceStack({ token: token("read:packages"), policies: [policyFor(repository, { approval: "automatic" })] });
      const preview = assertSucceeds(await engine.stack.preview());
      assertSays(diagnosticsOf(preview, repository), "delete 3 of 6 versions");

      engine.sandbox.clearRequests();
      const up = assertFails(await engine.stack.up());
      assertSays(errorsOf(up, repository), "the token has no scope delete:packages; nothing is deleted");
      assert.ok(engine.sandbox.requests().every(({ method }) => method === "GET"));

      engine.stack.token = token("read:packages", "delete:packages");
      const next = assertSucceeds(await engine.stack.up());
      assertSays(next.output, `warning: ${repository}: the token may delete but not restore; add the scope write:packages`);
      assert.deepEqual(engine.world.deleted(), engine.world.digests("pr1"));
    });
  });
});
