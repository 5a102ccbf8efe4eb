import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";
import { assertSays } from "../../support/engine/output";
import { now, PackageWorld, small } from "../../support/engine/world";
import { installWithNpm, packedFolder, removeFolder } from "../../support/packaging/project";

describe("`ghcr-retention init --new`", function () {
  this.timeout(300_000);

  let folder: string;
  let project: string;
  let sandbox: Sandbox;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    const packed = await packedFolder();
    folder = packed.folder;
    project = join(folder, "shop retention");
    await installWithNpm(project, packed.tarball);
    sandbox = await startSandbox({ now });
    await new PackageWorld(sandbox, "acme/shop").deploy(small);
    mkdirSync(join(folder, "state"));
    const isolated = await isolatedEnvironment();
    env = {
      ...isolated,
      PATH: [join(project, "node_modules", ".bin"), isolated.PATH].join(delimiter),
      NO_COLOR: "1",
      GITHUB_TOKEN: sandbox.token,
      GHCR_RETENTION_CACHE: join(folder, "cache"),
      PULUMI_BACKEND_URL: String(pathToFileURL(join(folder, "state"))),
    };
  });
  after(async () => {
    await sandbox?.close();
    await removeFolder(folder);
  });
  beforeEach(() => {
    const servers = [`githubApiUrl: ${sandbox.githubApiUrl}`, `registryUrl: ${sandbox.registryUrl}`];
    writeFileSync(join(project, "Pulumi.dev.yaml"), ["config:", ...servers.map((line) => `  ghcr-retention:${line}`), ""].join("\n"));
    for (const file of ["Pulumi.yaml", "retention.js"]) rmSync(join(project, file), { force: true });
  });

  async function inProject(command: string, ...args: readonly string[]) {
    const child = spawn(command, args, { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, output: stdout + stderr };
  }

  function init(...args: readonly string[]) {
    return inProject("ghcr-retention", "init", "--owner", "acme", "--packages", "shop", ...args);
  }

  for (const type of ["commonjs", "module"]) {
    it(`leaves a project whose preview works at once, where the package's type is ${type}`, async () => {
      const manifest = join(project, "package.json");
      writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, "utf8")), type }));
      const before = readFileSync(manifest, "utf8");
      const { code, output } = await init("--new");
      assert.equal(code, 0, output);
      assertSays(output, "Pulumi.dev.yaml: 1 policy added");
      assert.equal(readFileSync(manifest, "utf8"), before);
      const preview = await inProject("pulumi", "preview", "--non-interactive");
      assert.equal(preview.code, 0, preview.output);
      assertSays(preview.output, "acme/shop", "nothing to delete: keep all 6 versions", "waitingPlans");
    });
  }

  it("leaves an organisation's policy and its rule set to the preview as well", async () => {
    const { code, output } = await inProject("ghcr-retention", "init", "--owner", "acme", "--organization", "--new");
    assert.equal(code, 0, output);
    const preview = await inProject("pulumi", "preview", "--non-interactive");
    assert.equal(preview.code, 0, preview.output);
    assertSays(preview.output, "acme/shop", "nothing to delete: keep all 6 versions", "summaries");
  });

  it("is offered where there is no program", async () => {
    const { code, output } = await init();
    assert.equal(code, 0, output);
    assertSays(
      output,
      "init --new --owner NAME`, which writes the program that reads the config, since there is no Pulumi.yaml here or above",
    );
  });

  it("refuses a folder that is a project, and writes nothing", async () => {
    writeFileSync(join(project, "Pulumi.yaml"), "name: mine\nruntime: nodejs\n");
    const before = readFileSync(join(project, "Pulumi.dev.yaml"), "utf8");
    const { code, output } = await init("--new");
    assert.equal(code, 1, output);
    assertSays(output, "--new: Pulumi.yaml exists: expected a folder without a Pulumi project. Nothing was written; leave out --new");
    assert.equal(existsSync(join(project, "retention.js")), false);
    assert.equal(readFileSync(join(project, "Pulumi.dev.yaml"), "utf8"), before);
  });
});
