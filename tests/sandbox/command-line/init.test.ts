import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { initCommand } from "../../../components/command-line/init-command";
import { readStackOrganizations } from "../../../components/config/stack-organizations";
import { readStackPolicies } from "../../../components/config/stack-policies";
import { pushImage, type Sandbox, startSandbox } from "../../../sandbox";
import { captured } from "../../support/command-line/captured";
import { runCompiled } from "../../support/command-line/run";
import { now, PackageWorld, shop } from "../../support/engine/world";

const File = z.object({ config: z.record(z.string(), z.unknown()) });

/** A file as people leave them: comments, blank lines, quotes, and a policy of another package. */
function writtenByHand({ githubApiUrl, registryUrl }: Sandbox): string {
  return `# Retention of our images.
encryptionsalt: v1:abc=:v1:def   # of the passphrase

config:
  aws:region:   eu-central-1  # three spaces
  "ghcr-retention:githubApiUrl": ${githubApiUrl}
  ghcr-retention:registryUrl: '${registryUrl}'
  ghcr-retention:policies:

    # Written by Ada, reviewed by Grace.
    - owner: logto-io
      package: legacy
      rules: [{ name: drop-pr, action: delete, tags: ["pr-*"], olderThan: 7d }]   # short
    # The end of the list.

# The end of the file.
`;
}

describe("`ghcr-retention init`", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  let folder: string;
  let file: string;

  before(async () => {
    sandbox = await startSandbox({ now });
    await new PackageWorld(sandbox, "logto-io/logto").deploy({ ...shop, odd: { days: 400, tags: ["ubuntu-22"] } });
    await new PackageWorld(sandbox, "logto-io/team/web").deploy({ only: { days: 3, tags: ["latest"] } });
    await new PackageWorld(sandbox, "logto-io/legacy").deploy({ only: { days: 3, tags: ["latest"] } });
    folder = mkdtempSync(join(tmpdir(), "init-"));
    file = join(folder, "Pulumi.dev.yaml");
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await sandbox.close();
  });
  beforeEach(() => writeFileSync(file, writtenByHand(sandbox)));

  function env() {
    return { GITHUB_TOKEN: sandbox.token, GHCR_RETENTION_CACHE: join(folder, "cache") };
  }

  function init(...args: readonly string[]) {
    return captured(initCommand(), ["--owner", "logto-io", "--config-file", file, ...args], env());
  }

  function policiesIn(text: string) {
    return readStackPolicies({ policies: File.parse(parse(text)).config["ghcr-retention:policies"] }).map(({ policy }) => policy);
  }

  describe("when the stack has a config file", () => {
    it("adds a policy for each package that has none, and changes no byte of what stands there", async () => {
      const { code, stdout, stderr } = await init();
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^\S+Pulumi\.dev\.yaml: 2 policies added\. .*`pulumi preview`.*\n$/);
      assert.match(stderr, /^logto-io\/legacy: has a policy at ghcr-retention:policies\[0\], which stays as it is$/m);
      assert.match(stderr, /^logto-io\/logto: \d+ rules; today's plan would delete \d+ of 45 versions$/m);
      const [schema = "", ...lines] = readFileSync(file, "utf8").split("\n");
      assert.match(schema, /^# yaml-language-server: \$schema=/);
      const after = lines.join("\n");
      const before = writtenByHand(sandbox);
      const at = before.indexOf("    # The end of the list.");
      assert.ok(after.startsWith(before.slice(0, at)) && after.endsWith(before.slice(at)), after);
      assert.deepEqual(
        policiesIn(after).map((policy) => policy.package),
        ["legacy", "logto", "team/web"],
      );
    });

    it("leaves approval, limits and grace on the safe side", async () => {
      await init();
      for (const policy of policiesIn(readFileSync(file, "utf8")).slice(1)) {
        assert.equal(policy.approval, undefined);
        assert.equal(policy.grace, "7d");
        assert.deepEqual(policy.limits, { deletions: 200, percent: 50 });
        assert.ok(policy.rules.every(({ scope }) => scope === undefined));
      }
    });

    it("says why each rule is proposed, and what today's plan would do", async () => {
      await init();
      const after = readFileSync(file, "utf8");
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
      await init();
      const once = readFileSync(file, "utf8");
      const { code, stdout } = await init();
      assert.deepEqual([code, stdout], [0, `${file}: nothing to add\n`]);
      assert.equal(readFileSync(file, "utf8"), once);
    });

    it("takes only the packages that are asked for", async () => {
      await init("--packages", "team/*, log*, !logto");
      assert.deepEqual(
        policiesIn(readFileSync(file, "utf8")).map((policy) => policy.package),
        ["legacy", "team/web"],
      );
    });

    it("prints with `--output -`, and leaves the file alone", async () => {
      const { stdout } = await init("--output", "-");
      assert.deepEqual(
        policiesIn(stdout).map((policy) => policy.package),
        ["logto", "team/web"],
      );
      assert.equal(readFileSync(file, "utf8"), writtenByHand(sandbox));
    });

    it("writes another file with `--output`", async () => {
      const other = join(folder, "Pulumi.other.yaml");
      const { sandboxConfig } = {
        sandboxConfig: `config:\n  ghcr-retention:githubApiUrl: ${sandbox.githubApiUrl}\n  ghcr-retention:registryUrl: ${sandbox.registryUrl}\n`,
      };
      writeFileSync(other, sandboxConfig);
      const { code, stderr } = await init("--output", other, "-p", "logto");
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
      const before = writtenByHand(sandbox).replace(/ {2}ghcr-retention:policies:\n[\s\S]*# The end of the list\.\n/, `${sets}${defaults}`);
      writeFileSync(file, before);
      const { code, stderr } = await init("-p", "logto");
      assert.equal(code, 0, stderr);
      const { config } = File.parse(parse(readFileSync(file, "utf8")));
      const [policies, ruleSets, shared] = ["policies", "ruleSets", "defaults"].map((key) => config[`ghcr-retention:${key}`]);
      const [configured] = readStackPolicies({ policies, ruleSets, defaults: shared });
      assert.ok(configured);
      assert.deepEqual(configured.weaker, []);
      const { grace, limits, approval, rules } = configured.policy;
      assert.deepEqual([grace, limits, approval], ["30d", { deletions: 200, percent: 10 }, "required"]);
      assert.deepEqual(rules.map(({ name }) => name).slice(0, 2), ["keep-releases", "keep-releases-2"]);
      assert.match(readFileSync(file, "utf8"), /Nothing goes before 30 days have\s+#?\s*passed/);
    });
  });

  describe("when the packages get one policy together", () => {
    function organizationsIn(text: string) {
      const { config } = File.parse(parse(text));
      const [policies, organizations, ruleSets] = ["policies", "organizations", "ruleSets"].map((key) => config[`ghcr-retention:${key}`]);
      readStackPolicies({ policies });
      return readStackOrganizations({ organizations, ruleSets });
    }

    it("writes one entry and the rule set that it uses, and leaves out what has a policy", async () => {
      const { code, stdout, stderr } = await init("--organization");
      assert.equal(code, 0, stderr);
      assert.match(stdout, /: 1 policy added\. /);
      const after = readFileSync(file, "utf8");
      const before = writtenByHand(sandbox);
      assert.equal(before.split("\n").filter((line) => !after.includes(line)).length, 0);
      const [only, ...others] = organizationsIn(after);
      assert.deepEqual(others, []);
      assert.deepEqual(only?.whole.organization.packages, ["*", "!legacy"]);
      assert.deepEqual(only?.whole.organization.use, ["proposed"]);
      assert.deepEqual(
        only?.whole.shared.rules.map(({ name }) => name),
        ["keep-releases", "keep-moving-tags", "keep-newest-pr", "drop-pull-requests", "keep-newest-main", "drop-builds", "drop-untagged"],
      );
      const flat = after.replace(/\n +# {1,3}/g, " ");
      assert.match(
        flat,
        /Today's plans under these rules would delete 5 of \d+ versions in 2 packages \(logto: 5\)\. Nothing goes before 7 days have passed/,
      );
      assert.match(flat, /1 tag of no clear kind \(logto:ubuntu-22\): no rule deletes these, so they stay\./);
      assert.match(flat, /3 tags \(pr-3, pr-2, pr-1\), 3 days to 110 days old: pull requests end/);
    });

    it("sets the limit that the largest plan needs, and keeps the others below the usual one", async () => {
      await new PackageWorld(sandbox, "logto-io/old").deploy({
        a: { days: 100, tags: [] },
        b: { days: 99, tags: [] },
        c: { days: 3, tags: ["latest"] },
      });
      const { code, stderr } = await init("--organization");
      assert.equal(code, 0, stderr);
      const after = readFileSync(file, "utf8");
      const [only] = organizationsIn(after);
      assert.deepEqual(only?.whole.shared.limits, { deletions: 200, percent: 67 });
      assert.deepEqual(only?.whole.overrides, { logto: { limits: { percent: 50 } }, "team/web": { limits: { percent: 50 } } });
      assert.match(
        after.replace(/\n +# {1,3}/g, " "),
        /`limits\.percent` is 67 for today's plan of old, which 50 would refuse: lower it once they have gone\./,
      );
    });

    it("leaves out a package that stays in doubt, so that the others can go on", async () => {
      const target = { registryUrl: sandbox.registryUrl, token: sandbox.token, repository: "logto-io/murky" };
      const digest = await pushImage(target, { seed: "murky", tags: ["latest"] });
      sandbox.addFault({
        match: { surface: "registry", path: `/v2/logto-io/murky/manifests/${digest}` },
        effect: { kind: "status", status: 404 },
        times: null,
      });
      const { code, stderr } = await init("--organization", "-p", "logto,murky,team/*");
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^logto-io\/murky: no policy is proposed: /m);
      assert.deepEqual(organizationsIn(readFileSync(file, "utf8"))[0]?.whole.organization.packages, ["logto", "murky", "team/*", "!murky"]);
    });

    it("adds nothing when it runs again", async () => {
      await init("--organization", "-p", "logto,team/web");
      const once = readFileSync(file, "utf8");
      const { code, stdout } = await init("--organization", "-p", "logto,team/web");
      assert.deepEqual([code, stdout], [0, `${file}: nothing to add\n`]);
      assert.equal(readFileSync(file, "utf8"), once);
    });
  });

  describe("when it cannot be done", () => {
    it("leaves out a package that stays in doubt, says why, and ends with 1", async () => {
      const target = { registryUrl: sandbox.registryUrl, token: sandbox.token, repository: "logto-io/doubt" };
      const digest = await pushImage(target, { seed: "doubt", tags: ["latest"] });
      sandbox.addFault({
        match: { surface: "registry", path: `/v2/logto-io/doubt/manifests/${digest}` },
        effect: { kind: "status", status: 404 },
        times: null,
      });
      const { code, stderr } = await init("-p", "doubt,logto");
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^logto-io\/doubt: no policy is proposed: logto-io\/doubt@sha256:[0-9a-f]+: the registry answered 404/m);
      assert.deepEqual(
        policiesIn(readFileSync(file, "utf8")).map((policy) => policy.package),
        ["legacy", "logto"],
      );
    });

    for (const [what, text, error] of [
      ["is JSON", '{"config": {"a:b": 1}}\n', /cannot be added to without changing its lines: .*--output -/],
      ["holds a policy that is not valid", "config:\n  ghcr-retention:policies: [{ owner: acme }]\n", /the stack's config is not valid/],
      ["has a list on one line", "config:\n  a:b: 1\n  ghcr-retention:policies: 3\n", /policies: /],
    ] as const) {
      it(`writes nothing into a file that ${what}`, async () => {
        const servers = `  ghcr-retention:githubApiUrl: ${sandbox.githubApiUrl}\n  ghcr-retention:registryUrl: ${sandbox.registryUrl}\n`;
        const whole = text.startsWith("config:\n")
          ? text.replace("config:\n", `config:\n${servers}`)
          : text.replace(
              '"a:b": 1',
              `"ghcr-retention:githubApiUrl": "${sandbox.githubApiUrl}", "ghcr-retention:registryUrl": "${sandbox.registryUrl}"`,
            );
        writeFileSync(file, whole);
        const { code, stdout, stderr } = await init("-p", "logto");
        assert.deepEqual([code, stdout], [1, ""]);
        assert.match(stderr, error);
        assert.equal(readFileSync(file, "utf8"), whole);
      });
    }

    it("says which patterns fit nothing", async () => {
      const { code, stderr } = await init("-p", "nothing*");
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^logto-io has no container package that nothing\* fits\n$/);
    });
  });

  describe("when the token may not list packages", () => {
    it("takes names in full, and says so where patterns are given", async () => {
      const variables = { ...env(), GITHUB_TOKEN: sandbox.createToken({ kind: "installation" }) };
      const named = await captured(initCommand(), ["-o", "logto-io", "-c", file, "-p", "logto"], variables);
      assert.equal(named.code, 0, named.stderr);
      const { code, stderr } = await captured(initCommand(), ["-o", "logto-io", "-c", file], variables);
      assert.equal(code, 1, stderr);
      assert.match(stderr, /GITHUB_TOKEN cannot list them.*name the packages one by one/);
      assert.ok(!stderr.includes(variables.GITHUB_TOKEN));
    });
  });

  describe("when it runs as a command", () => {
    it("finds the stack's file where it stands", async () => {
      const { code, stdout, stderr } = await runCompiled(["init", "--owner", "logto-io", "-p", "logto"], env(), folder);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^Pulumi\.dev\.yaml: 1 policy added\. /);
    });
    it("asks for a token", async () => {
      const { code, stderr } = await captured(initCommand(), ["-o", "logto-io"], { GITHUB_TOKEN: undefined });
      assert.deepEqual([code, stderr], [1, "no token: set GITHUB_TOKEN; this command needs the scope read:packages\n"]);
    });
  });

  it("asks nothing of GitHub but to read", () => {
    const writes = sandbox.requests().filter(({ method, path }) => !["GET", "HEAD"].includes(method) && !path.startsWith("/v2/"));
    assert.deepEqual(writes, []);
  });
});
