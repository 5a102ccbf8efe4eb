import assert from "node:assert/strict";
import { type Ended, runCompiled } from "../support/command-line/run";
import { assertSays, assertSucceeds, diagnosticsOf, planIdIn } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { medium, now, policyFor } from "../support/engine/world";

const inPullRequest = "acme/in-a-pull-request";
const atNight = "acme/at-night";

describe("the way back", function () {
  this.timeout(300_000);

  const repositories = [inPullRequest, atNight];
  const engine = useEngine({
    sandbox: { now, switches: { tagsReturnOnRestore: false } },
    packages: { [inPullRequest]: medium, [atNight]: medium },
    stack: { policies: repositories.map((repository) => policyFor(repository)) },
  });
  let planId: string;

  before(async () => {
    const preview = assertSucceeds(await engine.stack.preview());
    planId = planIdIn(preview, atNight);
    await engine.stack.approve(planIdIn(preview, inPullRequest), 0);
    await engine.stack.approve(planId, 1);
    assertSucceeds(await engine.stack.up());
    for (const one of engine.worlds.values()) assert.deepEqual(one.deleted(), one.digests("pr1", "pr2"));
  });

  const ledgerOf = async (repository: string) => Object.keys((await engine.stack.policy(repository)).outputs.ledger as object).sort();

  describe("when an image is named under `restore`", () => {
    let preview: Outcome;
    before(async () => {
      await engine.stack.change({ restore: ["pr-1"] });
      preview = assertSucceeds(await engine.stack.preview("--diff"));
    });

    it("previews each version as a line that leaves the ledger, and in the report", () => {
      for (const digest of engine.worldOf(inPullRequest).digests("pr1")) assert.match(preview.output, new RegExp(`- ${digest}: "`));
      for (const digest of engine.worldOf(inPullRequest).digests("pr2")) assert.doesNotMatch(preview.output, new RegExp(`- ${digest}: "`));
      assertSays(preview.output, "restore 3 versions, nothing to delete: keep all 6 versions");
      assertSays(preview.output, "to be restored, 3 versions: `pulumi up` brings these back with their tags.");
      assert.equal(engine.worldOf(inPullRequest).deleted().length, 6);
    });

    it("brings it back whole, with its tag, and leaves nothing to do", async () => {
      const up = assertSucceeds(await engine.stack.up());
      assertSays(up.output, `${inPullRequest}: 3 versions restored, and pulled`);
      await assertComplete(engine.worldOf(inPullRequest), "main-1", "pr-1", "prod");
      assert.deepEqual(await ledgerOf(inPullRequest), engine.worldOf(inPullRequest).digests("pr2"));
      assertSucceeds(await engine.stack.preview("--expect-no-changes"));
    });
  });

  const restore = (...args: string[]) => runCompiled(["restore", ...args, "--stack", "test"], engine.stack.env, engine.stack.folder);

  describe("when the command lists what can be restored", () => {
    const sections = async () => {
      const { code, stdout, stderr } = await restore("--list", "--package", atNight);
      assert.deepEqual([code, stderr], [0, ""]);
      return stdout.split("\n").map((line) => line.replaceAll(/(?<=\S) {2,}/g, "  "));
    };
    const row = (name: string, tag: string, by: string) =>
      `  ${tag}  ${engine.worldOf(atNight).image(name).index.slice(0, 19)}  2 parts  2026-11-23T12:00:00Z  2026-12-23  ${by}`;

    it("names each image with its tags, its parts, the plan that deleted it, and until when", async () => {
      const [head, columns, ...rows] = await sections();
      assert.deepEqual(
        [head, columns],
        [`${atNight}: 2 images can be restored`, "  image  digest  with  deleted  restorable until  by plan"],
      );
      assert.deepEqual(rows.filter(Boolean).sort(), [row("pr1", "pr-1", planId), row("pr2", "pr-2", planId)]);
    });

    it("goes by the record where GitHub refuses its list, and says so", async () => {
      engine.sandbox.addFault({
        match: { pattern: "state=deleted" },
        times: null,
        effect: { kind: "status", status: 403, body: { message: "No." } },
      });
      const [head, , ...rows] = await sections();
      engine.sandbox.clearFaults();
      assert.equal(head, `${atNight}: 2 images can be restored on record (GitHub refuses its list of deleted versions to this token)`);
      assert.deepEqual(rows.filter(Boolean).sort(), [row("pr1", "pr-1", planId), row("pr2", "pr-2", planId)]);
    });

    it("says what a reference would restore, and restores nothing", async () => {
      const { code, stdout } = await restore("--tag", "pr-2", "--package", atNight, "--dry-run");
      assert.equal(code, 0);
      const [head, ...rows] = stdout.trim().split("\n");
      assert.equal(head, `would restore 3 versions of ${atNight}, parts that no record names aside:`);
      assert.deepEqual(rows.map((line) => line.trim().split(" ")[0]).sort(), engine.worldOf(atNight).digests("pr2"));
      assert.ok(rows.some((line) => line.endsWith(" pr-2")));
      assert.equal(engine.worldOf(atNight).deleted().length, 6);
    });

    it("does not list and restore at once", async () => {
      const { code, stderr } = await restore("--list", "--plan", planId);
      assert.equal(code, 1);
      assertSays(stderr, "--list takes no --plan, --tag, --digest or --since");
    });
  });

  describe("when the command brings back a whole plan", () => {
    let ended: Ended;
    before(async () => {
      ended = await restore("--plan", planId);
    });

    it("restores it at once", async () => {
      assert.deepEqual([ended.code, ended.stderr], [0, ""]);
      assertSays(ended.stdout, `restoring 6 versions of ${atNight}`, "restored and pulled");
      await assertComplete(engine.worldOf(atNight), "main-1", "pr-1", "pr-2", "prod");
    });

    it("names the line that makes the stack agree", () => {
      assertSays(ended.stdout, `pulumi config set --path 'ghcr-retention:policies[1].restore[0]' ${planId}`);
    });

    it("agrees with the next refresh", async () => {
      assertSucceeds(await engine.stack.refresh());
      assert.deepEqual(await ledgerOf(atNight), []);
    });

    it("protects what came back, once the line is in the config", async () => {
      const line = ["set", "--path", "ghcr-retention:policies[1].restore[0]", planId];
      assertSucceeds(await engine.stack.config(...line));
      const up = assertSucceeds(await engine.stack.up());
      assert.doesNotMatch(diagnosticsOf(up, atNight), /waits for approval/);
      assert.deepEqual(engine.worldOf(atNight).deleted(), []);
      assertSucceeds(await engine.stack.preview("--expect-no-changes"));
    });

    it("says what it expected where no such plan was carried out", async () => {
      const other = await restore("--plan", "2026-01-01-000000000000");
      assert.equal(other.code, 1, other.stdout + other.stderr);
      assertSays(
        other.stderr,
        "has deleted anything under the plan 2026-01-01-000000000000",
        "expected an id that an earlier preview printed",
      );
    });
  });

  describe("when somebody else deletes an image", () => {
    it("is told by refresh as foreign, and never claimed", async () => {
      const { store } = engine.sandbox;
      const pkg = store.find(inPullRequest);
      const foreign = engine.worldOf(inPullRequest).digests("main");
      for (const digest of foreign) {
        const version = pkg?.byDigest(digest);
        if (pkg && version) store.delete(pkg, version);
      }
      const refresh = assertSucceeds(await engine.stack.refresh());
      assertSays(refresh.output, `${inPullRequest}: 3 versions were deleted by somebody else in the last 30 days`);
      const { outputs } = await engine.stack.policy(inPullRequest);
      assert.deepEqual(Object.keys(outputs.foreign as object).sort(), foreign);
      assert.ok(Object.values(outputs.foreign as object).includes("deleted 2026-11-23T12:00:00.000Z main-1"));
      assert.deepEqual(await ledgerOf(inPullRequest), engine.worldOf(inPullRequest).digests("pr2"));
    });
  });

  describe("when the config restores something already", () => {
    it("adds one more entry to it, and none twice", async () => {
      const { index } = engine.worldOf(inPullRequest).image("pr2");
      const path = "ghcr-retention:policies[0].restore[1]";
      const again = () => restore("--digest", index, "--package", inPullRequest);
      assertSays((await again()).stdout, `pulumi config set --path '${path}' ${index}`);
      assertSucceeds(await engine.stack.config("set", "--path", path, index));
      assertSays((await again()).stdout, "The config names them already: `pulumi up` makes the stack agree.");
    });
  });
});
