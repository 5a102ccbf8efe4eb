import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine } from "../../../components/command-line/engine";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { chosenEngine } from "../../../scripts/setup/engine-record.mjs";
import { engineEnvironment } from "../../../scripts/setup/environment.mjs";
import { runCompiled } from "../../support/command-line/run";
import { assertSays } from "../../support/engine/output";
import { now, PackageWorld, policyFor, small } from "../../support/engine/world";
import { Project } from "../../support/guides/project";
import { removeFolder } from "../../support/packaging/project";

const root = join(__dirname, "..", "..", "..");

describe("the engine of `ghcr-retention`", function () {
  this.timeout(300_000);

  /** A PATH as npx leaves it: npm's wrapper is `pulumi`, and there is no engine. */
  let path: string;
  let sandbox: Sandbox;

  before(async () => {
    path = mkdtempSync(join(tmpdir(), "without-engine-"));
    symlinkSync(process.execPath, join(path, "node"));
    sandbox = await startSandbox({ now });
    await new PackageWorld(sandbox, "acme/app").deploy(small);
  });
  after(async () => {
    await sandbox?.close();
    await removeFolder(path);
  });

  describe("in a clone", () => {
    let project: Project;

    before(async () => {
      project = await Project.create(sandbox);
      writeFileSync(project.configFile, `  ghcr-retention:policies: ${JSON.stringify([policyFor("acme/app")])}\n`, { flag: "a" });
      await project.done("pulumi stack init dev && pulumi up --yes --skip-preview");
      const wrapper = join(path, "pulumi");
      writeFileSync(wrapper, "#!/bin/sh\necho 'npm’s wrapper would download an engine' >&2\nexit 1\n");
      chmodSync(wrapper, 0o755);
    });
    after(() => {
      project?.remove();
      rmSync(join(path, "pulumi"), { force: true });
    });

    for (const command of ["restore --list", "review --markdown", "explain acme/app pr-1"]) {
      it(`is the one that the set-up chose: \`${command}\``, async () => {
        const { code, stdout, stderr } = await project.run(`PATH="${path}" "$PWD/path/npx" ghcr-retention ${command}`);
        assert.equal(code, 0, stdout + stderr);
        assert.doesNotMatch(stderr, /wrapper|stack export/);
      });
    }

    it("has home and state where `npm run pulumi` has them", async () => {
      const { PULUMI_HOME, PULUMI_BACKEND_URL } = await engineEnvironment({});
      const { PULUMI_HOME: home, PULUMI_BACKEND_URL: state, ...others } = process.env;
      try {
        process.env = others;
        const engine = findEngine(root);
        assert.equal(engine.pulumi, (await chosenEngine())?.pulumi);
        assert.deepEqual([engine.env.PULUMI_HOME, engine.env.PULUMI_BACKEND_URL], [PULUMI_HOME, PULUMI_BACKEND_URL]);
      } finally {
        process.env = { ...others, ...(home && { PULUMI_HOME: home }), ...(state && { PULUMI_BACKEND_URL: state }) };
      }
    });
  });

  describe("in another project", () => {
    let project: string;

    before(() => {
      project = mkdtempSync(join(tmpdir(), "another-project-"));
      const servers = { "ghcr-retention:githubApiUrl": sandbox.githubApiUrl, "ghcr-retention:registryUrl": sandbox.registryUrl };
      const config = { ...servers, "ghcr-retention:policies": [policyFor("acme/app")] };
      writeFileSync(join(project, "Pulumi.yaml"), "name: another\nruntime: nodejs\n");
      writeFileSync(join(project, "Pulumi.dev.yaml"), JSON.stringify({ config }));
    });
    after(() => removeFolder(project));

    function run(...args: readonly string[]) {
      return runCompiled(args, { PATH: path, GITHUB_TOKEN: sandbox.token }, project);
    }

    it("is the one on PATH, and where there is none, the error says how to install it", async () => {
      const { code, stderr } = await run("restore", "--list", "--stack", "dev");
      assert.equal(code, 1);
      assert.equal(
        stderr,
        "ghcr-retention: the Pulumi CLI was not found: expected `pulumi` on PATH. Install it (https://www.pulumi.com/docs/install/), or, " +
          "in a clone of ghcr-retention, run `npm run setup`\n",
      );
    });

    it("is named by a command that goes on without it", async () => {
      const { stderr } = await run("review", "--markdown", "--stack", "dev");
      assertSays(stderr, "the Pulumi CLI was not found: expected `pulumi` on PATH");
    });
  });
});
