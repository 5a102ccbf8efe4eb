import assert from "node:assert/strict";
import { assertSays, assertSucceeds, diagnosticsOf, jsonDiagnosticsOf, planIdIn } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { expired, policyFor, shop } from "../support/engine/world";

const repository = "acme/shop";
const keptTags = ["main-1", "pr-3", "prod", "v1.0.0", "v1.1.0", "v1.2.0"];

describe("a policy on the real engine", function () {
  this.timeout(300_000);

  const engine = useEngine({ packages: { [repository]: shop }, stack: { policies: [policyFor(repository)] } });
  let planId: string;
  let doomed: string[];
  before(() => {
    doomed = engine.world.digests(...expired);
  });

  describe("when it is previewed for the first time", () => {
    let preview: Outcome;
    before(async () => {
      preview = assertSucceeds(await engine.stack.preview());
      planId = planIdIn(preview, repository);
    });

    it("says in one line what would go", () => {
      assert.match(planId, /^2026-11-23-[0-9a-f]{12}$/);
      const [first] = diagnosticsOf(preview, repository).split("\n");
      assert.equal(first, `plan ${planId}: delete 15 of 40 versions (3 images), keep 25`);
    });

    it("says it in the policy's row of a log as well", () => {
      assert.match(
        preview.output,
        new RegExp(`^ \\+ +\\S+:RetentionPolicy acme/shop create +plan ${planId}: delete 15 of 40 versions`, "m"),
      );
    });

    it("shows each image with its age, its platforms and its rule", () => {
      const table = diagnosticsOf(preview, repository).split("\n\n")[1] ?? "";
      const rows = table.split("\n").map((line) => line.trim().split(/ {2,}/));
      const untagged = `${engine.world.image("prodBefore").index.slice(0, 19)} (untagged)`;
      const parts = "linux/amd64, linux/arm64, 2 attestations";
      assert.deepEqual(rows, [
        ["image", "age", "with", "deleted by"],
        ["pr-2", "19 days", parts, "drop-pr-builds"],
        [untagged, "79 days", parts, "drop-untagged"],
        ["pr-1", "109 days", parts, "drop-pr-builds"],
        ["by rule:"],
        ["drop-pr-builds deletes 2 images (10 versions)"],
        ["drop-untagged deletes 1 image (5 versions)"],
        ["keep-releases keeps 3 images"],
        ["no rule deletes 2 images, so they stay"],
      ]);
    });

    it("ends with the exact line that approves it", () => {
      const [last] = diagnosticsOf(preview, repository).split("\n").slice(-1);
      assert.equal(last?.trim(), `pulumi config set --path 'ghcr-retention:policies[0].approve' ${planId}`);
    });

    it("says the same with --json", async () => {
      const json = assertSucceeds(await engine.stack.preview("--json"));
      assert.equal(jsonDiagnosticsOf(json, repository), diagnosticsOf(preview, repository));
    });

    it("shows every digest with --diff", async () => {
      const { output } = assertSucceeds(await engine.stack.preview("--diff"));
      for (const digest of doomed) assert.match(output, new RegExp(`${digest}: "`));
    });

    it("deletes nothing and stores nothing", async () => {
      assert.equal(engine.world.present().length, 40);
      assert.deepEqual(await engine.stack.resources(), []);
    });
  });

  describe("when it is applied without approval", () => {
    let up: Outcome;
    before(async () => {
      up = assertSucceeds(await engine.stack.up());
    });

    it("deletes nothing and says what waits", () => {
      assert.equal(engine.world.present().length, 40);
      assertSays(
        diagnosticsOf(up, repository),
        `plan ${planId} waits for approval (15 versions)`,
        "To approve exactly this:",
        `pulumi config set --path 'ghcr-retention:policies[0].approve' ${planId}`,
      );
    });

    it("puts the plan on record", async () => {
      const { outputs } = await engine.stack.policy(repository);
      const pending = outputs.pending as { id: string; deletions: Record<string, string> };
      assert.equal(pending.id, planId);
      assert.deepEqual(Object.keys(pending.deletions).sort(), doomed);
      assert.deepEqual(outputs.ledger, {});
    });

    it("puts no more of the provider into the state than what loads it", async () => {
      const code = (await engine.stack.policy(repository)).inputs.__provider as string;
      assertSays(code, '("ghcr-retention/lifecycle").create()');
      assert.ok(code.length < 2500);
    });

    it("has the position in the program on record, as every resource has", async () => {
      const { sourcePosition, stackTrace } = await engine.stack.policy(repository);
      assert.match(String(sourcePosition), /index\.ts#\d+/);
      assert.match(JSON.stringify(stackTrace), /index\.ts#\d+/);
    });

    it("changes nothing on the next run, a day later either", async () => {
      const { outputs } = await engine.stack.policy(repository);
      engine.sandbox.setClock("2026-11-24T12:00:00Z");
      const again = assertSucceeds(await engine.stack.up("--expect-no-changes"));
      assertSays(diagnosticsOf(again, repository), `plan ${planId} waits for approval`);
      // The inputs remember the day on which the tags were last seen.
      assert.deepEqual((await engine.stack.policy(repository)).outputs, outputs);
    });
  });

  describe("when its plan is approved", () => {
    let preview: Outcome;
    let up: Outcome;
    before(async () => {
      const line = `config set --path ghcr-retention:policies[0].approve ${planId}`;
      assertSucceeds(await engine.stack.config(...line.split(" ").slice(1)));
      preview = assertSucceeds(await engine.stack.preview("--diff"));
      assert.equal(engine.world.present().length, 40);
      up = assertSucceeds(await engine.stack.up());
    });

    it("shows each deletion as an added line", () => {
      for (const digest of doomed) assert.match(preview.output, new RegExp(`\\+ ${digest}: "`));
      assertSays(preview.output, "approved: `pulumi up` deletes these");
    });

    it("deletes exactly the plan", () => {
      assert.deepEqual(engine.world.deleted(), doomed);
      assert.equal(engine.world.present().length, 25);
      assertSays(
        diagnosticsOf(up, repository),
        `deleted 15 versions; all 25 manifests of 5 retained images verified; undo: npx ghcr-retention restore --plan ${planId}`,
      );
    });

    it("leaves every other image complete", () => assertComplete(engine.world, ...keptTags));

    it("records what restoring takes", async () => {
      const { outputs } = await engine.stack.policy(repository);
      const gone = engine.sandbox.package(repository)?.deleted ?? [];
      const { inputs } = await engine.stack.policy(repository);
      const reasons = inputs.deletions as Record<string, string>;
      const facts = (id: number, tags: readonly string[]) => [id, planId, "2026-11-24T12:00:00Z/2026-12-24", ...tags].join(" ");
      const expected = gone.map(({ digest, id, tags }) => [digest, `${facts(id, tags)}: ${reasons[digest]}`]);
      assert.deepEqual(outputs.ledger, Object.fromEntries(expected));
      assert.equal(outputs.pending, undefined);
      assert.deepEqual(outputs.remaining, {});
      assert.deepEqual(outputs.refused, {});
    });

    it("changes nothing on the next run", async () => {
      const { outputs } = await engine.stack.policy(repository);
      engine.sandbox.clearRequests();
      const preview = assertSucceeds(await engine.stack.preview("--expect-no-changes"));
      assertSays(diagnosticsOf(preview, repository), /^nothing to delete: keep all 25 versions/);
      assertSucceeds(await engine.stack.up("--expect-no-changes"));
      // The inputs let go of what is on record only while it is carried out.
      assert.deepEqual((await engine.stack.policy(repository)).outputs, outputs);
      assert.ok(engine.sandbox.requests().every(({ method }) => method === "GET"));
    });
  });

  describe("when somebody restores a version by hand", () => {
    it("drops it from the ledger on refresh, and state and registry agree", async () => {
      const { index } = engine.world.image("pr2");
      const id = engine.sandbox.package(repository)?.deleted.find(({ digest }) => digest === index)?.id;
      const headers = { authorization: `token ${engine.sandbox.token}` };
      const path = `/orgs/acme/packages/container/shop/versions/${id}/restore`;
      assert.equal((await fetch(`${engine.sandbox.githubApiUrl}${path}`, { method: "POST", headers })).status, 204);

      assertSucceeds(await engine.stack.refresh());
      const { inputs, outputs } = await engine.stack.policy(repository);
      const left = doomed.filter((digest) => digest !== index);
      assert.deepEqual(Object.keys(outputs.ledger as object).sort(), left);
      assert.deepEqual(Object.keys(inputs.deletions as object).sort(), left);
    });

    it("wants a new approval before it goes again", async () => {
      const preview = assertSucceeds(await engine.stack.preview());
      assert.notEqual(planIdIn(preview, repository), planId);
      assertSays(diagnosticsOf(preview, repository), "delete 1 of 26 versions (1 image)", "waiting for approval");
    });
  });

  describe("when the stack is destroyed", () => {
    it("deletes nothing in the registry", async () => {
      engine.sandbox.clearRequests();
      const destroyed = assertSucceeds(await engine.stack.destroy());
      assertSays(destroyed.output, `${repository}: its policy leaves the stack; nothing is deleted in the registry`);
      assert.equal(engine.world.present().length, 26);
      assert.deepEqual(
        engine.sandbox.requests().filter(({ method }) => method !== "GET"),
        [],
      );
      assert.deepEqual(await engine.stack.resources(), []);
    });
  });
});
