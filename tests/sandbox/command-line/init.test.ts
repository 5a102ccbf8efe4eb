import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { initCommand } from "../../../components/command-line/init-command";
import { readStackPolicies } from "../../../components/config/stack-policies";
import { captured } from "../../support/command-line/captured";
import { configIn, InitStage, writtenByHand } from "../../support/command-line/init-stage";
import { runCompiled } from "../../support/command-line/run";
import { writesTo } from "../../support/emulator/writes";
import { useStage } from "../../support/use-stage";

const root = join(__dirname, "..", "..", "..");

describe("`ghcr-retention init`", function () {
  this.timeout(120_000);

  const stage = useStage(() => InitStage.open());
  beforeEach(() => stage().reset());

  function policiesIn(text: string) {
    return readStackPolicies({ policies: configIn(text)["ghcr-retention:policies"] }).map(({ policy }) => policy);
  }

  describe("when the stack has a config file", () => {
    it("adds a policy for each package that has none, and changes no byte of what stands there", async () => {
      const { code, stdout, stderr } = await stage().init();
      assert.equal(code, 0, stderr);
      assert.match(
        stdout,
        /^\S+Pulumi\.dev\.yaml: 2 policies added\. Read the comments, .*\nnext: `pulumi preview`, which shows the plan and deletes nothing\n$/,
      );
      assert.match(stderr, /^logto-io\/legacy: has a policy at ghcr-retention:policies\[0\], which stays as it is$/m);
      assert.match(stderr, /^logto-io\/logto: \d+ rules; today's plan would delete \d+ of 45 versions$/m);
      const [schema = "", ...lines] = stage().text.split("\n");
      assert.match(schema, /^# yaml-language-server: \$schema=/);
      const after = lines.join("\n");
      const before = writtenByHand(stage().sandbox);
      const at = before.indexOf("    # The end of the list.");
      assert.ok(after.startsWith(before.slice(0, at)) && after.endsWith(before.slice(at)), after);
      assert.deepEqual(
        policiesIn(after).map((policy) => policy.package),
        ["legacy", "logto", "team/web"],
      );
    });

    it("leaves approval, limits and grace on the safe side", async () => {
      await stage().init();
      for (const policy of policiesIn(stage().text).slice(1)) {
        assert.equal(policy.approval, undefined);
        assert.equal(policy.grace, "7d");
        assert.deepEqual(policy.limits, { deletions: 200, percent: 50 });
        assert.ok(policy.rules.every(({ scope }) => scope === undefined));
      }
    });

    it("says why each rule is proposed, and what today's plan would do", async () => {
      await stage().init();
      const after = stage().text;
      for (const line of [
        /# logto-io\/logto on 2026-11-23: 45 versions, 9 images; no tag needs 5 of the versions\.$/m,
        /# 1 tag of no clear kind \(ubuntu-22\): no rule deletes these, so they stay\.$/m,
        /# 3 tags \(v1\.2\.0, v1\.1\.0, v1\.0\.0\), 50 days to 70 days old: releases: somebody may pull any of them\.$/m,
        /# 3 tags \(pr-3, pr-2, pr-1\), 3 days to 110 days old: pull requests end/,
        /# 1 image without a tag that nothing needs\..*protect.*; today: 1 image, 5 versions\.$/m,
        /# Today's plan under these rules would delete 5 of 45 versions \(1 image\)\. Nothing goes before 7 days have passed/,
      ]) {
        assert.match(after.replace(/\n +# {3,}/g, " "), line);
      }
    });

    it("adds nothing when it runs again", async () => {
      await stage().init();
      const once = stage().text;
      const { code, stdout } = await stage().init();
      assert.deepEqual([code, stdout], [0, `${stage().file}: nothing to add\n`]);
      assert.equal(stage().text, once);
    });

    it("takes only the packages that are asked for", async () => {
      await stage().init("--packages", "team/*, log*, !logto");
      assert.deepEqual(
        policiesIn(stage().text).map((policy) => policy.package),
        ["legacy", "team/web"],
      );
    });

    it("prints with `--output -`, and leaves the file alone", async () => {
      const { stdout } = await stage().init("--output", "-");
      assert.deepEqual(
        policiesIn(stdout).map((policy) => policy.package),
        ["logto", "team/web"],
      );
      assert.equal(stage().text, writtenByHand(stage().sandbox));
    });

    it("writes another file with `--output`", async () => {
      const other = join(stage().folder, "Pulumi.other.yaml");
      const { sandboxConfig } = {
        sandboxConfig: `config:\n  ghcr-retention:githubApiUrl: ${stage().sandbox.githubApiUrl}\n  ghcr-retention:registryUrl: ${stage().sandbox.registryUrl}\n`,
      };
      writeFileSync(other, sandboxConfig);
      const { code, stderr } = await stage().init("--output", other, "-p", "logto");
      assert.equal(code, 0, stderr);
      assert.match(readFileSync(other, "utf8"), /^# yaml-language-server: \$schema=.*\n/);
      assert.equal(readFileSync(other, "utf8").split("\n").slice(1).join("\n").indexOf(sandboxConfig), 0);
      assert.equal(policiesIn(readFileSync(other, "utf8")).length, 1);
    });
  });

  describe("when the stack has defaults and rule sets", () => {
    it("is never weaker than they are, and never lets a plan go by itself", async () => {
      const defaults = "  ghcr-retention:defaults: { use: [house], grace: 30d, limits: { percent: 10 }, approval: automatic }\n";
      const sets = '  ghcr-retention:ruleSets: { house: [{ name: keep-releases, action: keep, tags: ["v*"] }] }\n';
      const before = writtenByHand(stage().sandbox).replace(
        / {2}ghcr-retention:policies:\n[\s\S]*# The end of the list\.\n/,
        `${sets}${defaults}`,
      );
      writeFileSync(stage().file, before);
      const { code, stderr } = await stage().init("-p", "logto");
      assert.equal(code, 0, stderr);
      const config = configIn(stage().text);
      const [policies, ruleSets, shared] = ["policies", "ruleSets", "defaults"].map((key) => config[`ghcr-retention:${key}`]);
      const [configured] = readStackPolicies({ policies, ruleSets, defaults: shared });
      assert.ok(configured);
      assert.deepEqual(configured.weaker, []);
      const { grace, limits, approval, rules } = configured.policy;
      assert.deepEqual([grace, limits, approval], ["30d", { deletions: 200, percent: 10 }, "required"]);
      assert.deepEqual(rules.map(({ name }) => name).slice(0, 2), ["keep-releases", "keep-releases-2"]);
      assert.match(stage().text, /Nothing goes before 30 days have\s+#?\s*passed/);
    });
  });

  describe("when it cannot be done", () => {
    it("leaves out a package that stays in doubt, says why, and ends with 1", async () => {
      await stage().pushUnreadable("doubt");
      const { code, stderr } = await stage().init("-p", "doubt,logto");
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^logto-io\/doubt: no policy is proposed: logto-io\/doubt@sha256:[0-9a-f]+: the registry answered 404/m);
      assert.deepEqual(
        policiesIn(stage().text).map((policy) => policy.package),
        ["legacy", "logto"],
      );
    });

    for (const [what, text, error] of [
      ["is JSON", '{"config": {"a:b": 1}}\n', /cannot be added to without changing its lines: .*--output -/],
      ["holds a policy that is not valid", "config:\n  ghcr-retention:policies: [{ owner: acme }]\n", /the stack's config is not valid/],
      ["has a list on one line", "config:\n  a:b: 1\n  ghcr-retention:policies: 3\n", /policies: /],
    ] as const) {
      it(`writes nothing into a file that ${what}`, async () => {
        const servers = `  ghcr-retention:githubApiUrl: ${stage().sandbox.githubApiUrl}\n  ghcr-retention:registryUrl: ${stage().sandbox.registryUrl}\n`;
        const whole = text.startsWith("config:\n")
          ? text.replace("config:\n", `config:\n${servers}`)
          : text.replace(
              '"a:b": 1',
              `"ghcr-retention:githubApiUrl": "${stage().sandbox.githubApiUrl}", "ghcr-retention:registryUrl": "${stage().sandbox.registryUrl}"`,
            );
        writeFileSync(stage().file, whole);
        const { code, stdout, stderr } = await stage().init("-p", "logto");
        assert.deepEqual([code, stdout], [1, ""]);
        assert.match(stderr, error);
        assert.equal(stage().text, whole);
      });
    }

    it("says which patterns fit nothing", async () => {
      const { code, stderr } = await stage().init("-p", "nothing*");
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^logto-io has no container package that nothing\* fits\n$/);
    });
  });

  describe("when the token may not list packages", () => {
    it("takes names in full, and says so where patterns are given", async () => {
      const variables = { ...stage().env, GITHUB_TOKEN: stage().sandbox.createToken({ kind: "installation" }) };
      const named = await captured(initCommand(), ["-o", "logto-io", "-c", stage().file, "-p", "logto"], variables);
      assert.equal(named.code, 0, named.stderr);
      const { code, stderr } = await captured(initCommand(), ["-o", "logto-io", "-c", stage().file], variables);
      assert.equal(code, 1, stderr);
      assert.match(stderr, /GITHUB_TOKEN cannot list them.*name the packages one by one/);
      assert.ok(!stderr.includes(variables.GITHUB_TOKEN));
    });
  });

  describe("when it runs as a command", () => {
    it("finds the stack's file where it stands", async () => {
      const { code, stdout, stderr } = await runCompiled(["init", "--owner", "logto-io", "-p", "logto"], stage().env, stage().folder);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^Pulumi\.dev\.yaml: 1 policy added\. /);
      // The folder has no project.
      const program = "`npx ghcr-retention init --new --owner NAME`, which writes the program that reads the config";
      assert.ok(stdout.includes(`\nnext: ${program}, since there is no Pulumi.yaml here or above, then \`pulumi preview\`, which`), stdout);
      const again = await runCompiled(["init", "--owner", "logto-io", "-p", "logto"], stage().env, stage().folder);
      assert.ok(again.stdout.startsWith(`Pulumi.dev.yaml: nothing to add\nnext: ${program}`), again.stdout);
    });
    it("ends with what is left to do where a part of the set-up failed", async () => {
      const project = join(stage().folder, "new");
      mkdirSync(join(project, "node_modules", "@pulumi"), { recursive: true });
      for (const name of ["ghcr-retention", "@pulumi/pulumi"]) {
        const at = name === "ghcr-retention" ? root : join(root, "node_modules", name);
        symlinkSync(at, join(project, "node_modules", name));
      }
      const env = { ...stage().env, PATH: dirname(process.execPath) };
      const args = ["init", "--new", "--owner", "logto-io", "-p", "logto", "--config-file", stage().file];
      const { code, stdout, stderr } = await runCompiled(args, env, project);
      assert.equal(code, 1);
      assert.match(stderr, /^`pulumi stack select --create dev` failed: the Pulumi CLI was not found/m);
      assert.match(
        stdout,
        /\nnext: `pulumi stack select --create dev`, then `pulumi preview`, which shows the plan and deletes nothing\n$/,
      );
    });
    it("asks for a token", async () => {
      const { code, stderr } = await captured(initCommand(), ["-o", "logto-io"], { GITHUB_TOKEN: undefined });
      assert.deepEqual([code, stderr], [1, "no token: set GITHUB_TOKEN; this command needs the scope read:packages\n"]);
    });
  });

  it("asks nothing of GitHub but to read", () => {
    const writes = writesTo(stage().sandbox);
    assert.deepEqual(writes, []);
  });
});
