import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertFails, assertSays } from "../../support/engine/output";
import { Stack } from "../../support/engine/stack";
import { now, PackageWorld, policyFor, small } from "../../support/engine/world";
import { ConsumerProject, consumed } from "../../support/packaging/consumer-project";
import { installApart, installWithNpm, nodeOf, npmInstall, packedFolder, removeFolder } from "../../support/packaging/project";

const run = promisify(execFile);
const root = join(__dirname, "..", "..", "..");

/** The oldest SDK, which every Node takes. */
const dependencies = { "@pulumi/pulumi": "3.248.0", "@types/node": "20.19.43", typescript: "5.9.3" };
const anotherSdk = "3.276.0";

/** Installations from the registry: `npm run test:long`. */
if (process.env.LONG) describe("the package, where other tools put packages", whereOthersPutPackages);

function whereOthersPutPackages(this: Mocha.Suite): void {
  this.timeout(600_000);

  let folder: string;
  let tarball: string;
  let sandbox: Sandbox;
  let tools: string;

  before(async () => {
    ({ folder, tarball } = await packedFolder());
    tools = await installApart(folder, "tools", "yarn@1.22.22", "@yarnpkg/cli-dist@4.18.1");
    sandbox = await startSandbox({ now });
    await new PackageWorld(sandbox, consumed).deploy(small);
  });
  after(async () => {
    await sandbox?.close();
    await removeFolder(folder);
  });

  async function project(name: string, manifest: object): Promise<string> {
    const place = join(folder, name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "package.json"), JSON.stringify({ name: "empty", version: "1.0.0", private: true, ...manifest }));
    return place;
  }

  /** What a package manager prints. */
  async function said(place: string, script: string, ...args: string[]): Promise<string> {
    const { stdout, stderr } = await run(process.execPath, [script, ...args], { cwd: place, maxBuffer: 1 << 26 });
    return `${stdout}${stderr}`;
  }

  describe("when pnpm installs it, where no package sees what it has not declared", () => {
    function pnpm(place: string, ...args: string[]): Promise<string> {
      const how = ["--store-dir", join(folder, "store"), "--ignore-scripts", "--reporter", "append-only"];
      return said(place, join(root, "node_modules", "pnpm", "bin", "pnpm.cjs"), ...args, ...how);
    }

    it("works, and adds no word about peers to those of Pulumi's own packages", async () => {
      const place = await project("with-pnpm", { dependencies });
      // Pulumi's own packages give some.
      const before = peersIn(await pnpm(place, "install"));
      const after = peersIn(await pnpm(place, "add", tarball));
      assert.deepEqual(
        after.filter((line) => !before.includes(line)),
        [],
      );
      await new ConsumerProject(sandbox, place).works();
    });
  });

  describe("when Yarn installs it", () => {
    it("works with Yarn 1", async () => {
      const place = await project("with-yarn-1", { dependencies: { ...dependencies, "ghcr-retention": `file:${tarball}` } });
      const how = ["--ignore-scripts", "--ignore-engines", "--non-interactive", "--cache-folder", join(folder, "yarn-1-cache")];
      await said(place, join(tools, "yarn", "bin", "yarn.js"), "install", ...how);
      await new ConsumerProject(sandbox, place).works();
    });

    async function withYarn4(nodeLinker: string): Promise<string> {
      const place = await project(`with-yarn-4-${nodeLinker}`, { dependencies: { ...dependencies, "ghcr-retention": `file:${tarball}` } });
      // Without a lock of its own, Yarn takes the folder for a part of a project above it.
      await writeFile(join(place, "yarn.lock"), "");
      const settings = { nodeLinker, cacheFolder: join(folder, "yarn-4-cache"), enableGlobalCache: false };
      const quiet = { enableTelemetry: false, enableScripts: false, enableImmutableInstalls: false };
      await writeFile(join(place, ".yarnrc.yml"), JSON.stringify({ ...settings, ...quiet }));
      await said(place, join(tools, "@yarnpkg", "cli-dist", "bin", "yarn.js"), "install");
      return place;
    }

    for (const nodeLinker of ["node-modules", "pnpm"]) {
      it(`works with Yarn 4 and \`nodeLinker: ${nodeLinker}\``, async () => {
        await new ConsumerProject(sandbox, await withYarn4(nodeLinker)).works();
      });
    }

    it("is not reached with Plug'n'Play, where Pulumi finds no SDK", async () => {
      const program = await new ConsumerProject(sandbox, await withYarn4("pnp")).oneLine();
      const stack = await Stack.create(sandbox, { program, policies: [policyFor(consumed)] });
      try {
        assertSays(assertFails(await stack.preview()).output, "the Pulumi SDK is not installed in");
      } finally {
        await stack.remove();
      }
    });
  });

  describe("when it lies beside another SDK than the program's", () => {
    it("works in a workspace of npm, below which the program has its own", async function () {
      if (process.platform !== "linux") this.skip();
      const own = { ...dependencies, "@pulumi/pulumi": anotherSdk, "ghcr-retention": `file:${tarball}` };
      const shared = { "@pulumi/pulumi": dependencies["@pulumi/pulumi"], "ghcr-retention": `file:${tarball}` };
      const workspace = await project("workspace", { workspaces: ["*"], dependencies: shared });
      const place = await project(join("workspace", "infrastructure"), { name: "infrastructure", dependencies: own });
      await npmInstall(workspace);
      // The newest SDK does not take Node 20.
      await new ConsumerProject(sandbox, place, await nodeOf(folder, "24.21.0")).works();
    });

    it("works as a link to a folder elsewhere", async () => {
      const elsewhere = join(folder, "elsewhere");
      await installWithNpm(elsewhere, tarball);
      const place = await project("with-link", { dependencies });
      await npmInstall(place, join(elsewhere, "node_modules", "ghcr-retention"));
      await new ConsumerProject(sandbox, place).works();
    });
  });
}

/** The lines of pnpm's tree of unmet peers, without the drawing. */
function peersIn(said: string): string[] {
  return said
    .split("\n")
    .filter((line) => /unmet peer|missing peer/.test(line))
    .map((line) => line.replace(/^[^a-z@✕]+/, ""));
}
