import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { compiledCommand, type Ended, runCompiled } from "../support/command-line/run";
import { assertFails, assertSays, assertSucceeds } from "../support/engine/output";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, shop, small } from "../support/engine/world";

const root = join(__dirname, "..", "..");
const guideFile = join(root, "docs", "review.md");
const guide = readFileSync(guideFile, "utf8");
const sample = /(<!-- sample: .* -->\n````markdown\n)([\s\S]*?)(````\n)/;
const logto = "logto-io/logto";
const organization = { owner: "acme", packages: ["app", "web"], rules: policyFor("acme/app").rules, overrides: { none: {} } };

describe("`ghcr-retention review` and the engine's preview", function () {
  this.timeout(240_000);

  const engine = useEngine({
    packages: { [logto]: shop, "logto-io/cloud": { prod: shop.prod }, "acme/app": small, "acme/web": small },
    stack: { policies: [policyFor(logto, { protect: ["stable"] }), policyFor("logto-io/cloud")], name: "prod" },
  });

  const file = (name: string) => readFile(join(engine.stack.folder, name), "utf8");

  function review(...args: readonly string[]): Promise<Ended> {
    return runCompiled(["review", "--stack", "prod", ...args], engine.stack.env, engine.stack.folder);
  }

  /** A command of the guide, with the program and the config where the test has them. */
  async function runAsWritten(command: string): Promise<void> {
    const line = command
      .replace(/^npx ghcr-retention /, `node ${compiledCommand} `)
      .replace(
        /^pulumi preview /,
        `pulumi --cwd ${engine.stack.program} preview --config-file ${engine.stack.configFile} --non-interactive --color never `,
      );
    await promisify(execFile)("bash", ["-c", line], { cwd: engine.stack.folder, env: engine.stack.env });
  }

  describe("the guide's commands", () => {
    it("write what the guide shows", async () => {
      const [commands = ""] = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text);
      for (const command of commands.trim().split("\n")) await runAsWritten(command);
      const text = await file("review.md");
      if (process.env.GENERATE)
        await writeFile(
          guideFile,
          guide.replace(sample, (_, before: string, __, end: string) => before + text + end),
        );
      else assert.equal(sample.exec(guide)?.[2], text);
      assert.match(await file("review.html"), /^<!doctype html>\n/);
      assertSays(await file("next.md"), "- Nothing has changed since the last comment.");
    });

    it("say the same without a token and a network as with a look of their own", async () => {
      const offline = await runCompiled(
        ["review", "--stack", "prod", "--preview", "preview.json"],
        { ...engine.stack.env, GITHUB_TOKEN: undefined, PATH: "" },
        engine.stack.folder,
      );
      const own = await review();
      assert.deepEqual([offline.code, own.code, own.stderr], [0, 0, ""]);
      assert.equal(own.stdout, offline.stdout);
    });
  });

  describe("when a plan is approved that waits since yesterday, and a package cannot be read", () => {
    it("say the same, and tell what has changed", async () => {
      assertSucceeds(await engine.stack.up());
      engine.sandbox.setClock("2026-11-24T12:00:00Z");
      const { inputs } = await engine.stack.policy(logto);
      const { id } = inputs.pending as { id: string };
      await engine.stack.approve(id);
      engine.stack.policies.push(policyFor("acme/gone"));
      await engine.stack.configure({ "ghcr-retention:organizations": [organization] });
      const { stdout } = assertFails(await engine.stack.preview("--json", "--show-sames"));
      await writeFile(join(engine.stack.folder, "approved.json"), stdout);

      const offline = await review("--preview", "approved.json", "--previous", "review.md");
      const own = await review("--previous", "review.md");
      assert.deepEqual([offline.code, own.code, own.stderr], [1, 1, ""]);
      assert.equal(own.stdout, offline.stdout);
      assertSays(
        own.stdout,
        `- \`${logto}\`: plan \`${id}\` is approved now.`,
        "- `acme/app` is new here: plan `2026-11-24-",
        "> Not reviewed, so nothing of it is deleted: acme/gone: GitHub answered 404",
        /To approve all that waits:\n\n```sh\npulumi config set --path 'ghcr-retention:organizations\[0\]\.approve' 2026-11-24-[0-9a-f]{12}\n```/,
        "pulumi config set --path 'ghcr-retention:organizations[0].overrides[\"web\"].approve' 2026-11-24-",
        '> overrides\\["none"\\] fits no package of acme: it protects nothing',
      );
    });
  });

  describe("when a saved preview tells of a policy that only a program declares", () => {
    it("shows the line for the program", async () => {
      const saved = (await file("preview.json")).replaceAll(
        /pulumi config set --path 'ghcr-retention:policies\[0\]\.approve' ([\da-f-]+)/g,
        'approve: \\"$1\\"   (an argument of this RetentionPolicy)',
      );
      await writeFile(join(engine.stack.folder, "program.json"), saved);
      const { stdout } = await review("--preview", "program.json");
      assert.match(stdout, /\n```sh\napprove: "2026-11-23-[0-9a-f]{12}" {3}\(an argument of this RetentionPolicy\)\n```\n/);
    });
  });
});
