import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { pinnedVersion } from "../../../scripts/setup/engine-pin.mjs";
import { assertFails, assertSays } from "../../support/engine/output";
import { Stack } from "../../support/engine/stack";
import { now, PackageWorld, policyFor, small } from "../../support/engine/world";
import { ConsumerProject, consumed } from "../../support/packaging/consumer-project";
import { installApart, installWithNpm, Manifest, nodeOf, npmInstall, packedFolder, removeFolder } from "../../support/packaging/project";

const run = promisify(execFile);
const root = join(__dirname, "..", "..", "..");

/** The SDK at both ends of the range that package.json accepts: from 3.249 on, it needs Node 22. */
const sdk = { oldest: "3.248.0", newest: "3.276.0" };

/** The releases of Node that are maintained, each with an SDK that it runs. */
const combinations = [
  { node: "20.20.2", sdk: sdk.oldest },
  { node: "22.23.3", sdk: sdk.newest },
  { node: "24.21.0", sdk: sdk.newest },
];

/** Installations from the registry, and a Node each: `npm run test:long`. */
if (process.env.LONG) describe("the package, on other runtimes", onOtherRuntimes);

function onOtherRuntimes(this: Mocha.Suite): void {
  this.timeout(600_000);

  let folder: string;
  let tarball: string;
  let sandbox: Sandbox;

  before(async () => {
    ({ folder, tarball } = await packedFolder());
    sandbox = await startSandbox({ now });
    await new PackageWorld(sandbox, consumed).deploy(small);
  });
  after(async () => {
    await sandbox?.close();
    await removeFolder(folder);
  });

  async function projectWith(name: string, ...packages: string[]): Promise<string> {
    const place = join(folder, name);
    await installWithNpm(place, tarball);
    if (packages.length > 0) await npmInstall(place, "--legacy-peer-deps", ...packages);
    return place;
  }

  it("has both ends of the range of package.json in these tests", async () => {
    const { peerDependencies } = Manifest.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
    assert.equal(peerDependencies["@pulumi/pulumi"], `^${sdk.oldest}`);
    assert.equal(await pinnedVersion(), sdk.newest);
  });

  for (const { node, sdk } of combinations) {
    it(`works with Node ${node} and the SDK ${sdk}`, async function () {
      if (process.platform !== "linux") this.skip();
      const place = await projectWith(`node-${node.split(".", 1)}`, `@pulumi/pulumi@${sdk}`);
      await new ConsumerProject(sandbox, place, await nodeOf(folder, node)).works();
    });
  }

  it("is installed from the registry with the oldest Node, without a word about its version", async function () {
    if (process.platform !== "linux") this.skip();
    const place = join(folder, "oldest-node");
    await mkdir(place);
    await writeFile(join(place, "package.json"), JSON.stringify({ private: true }));
    // Of npm 10, which comes with it.
    const npm = join(await installApart(folder, "npm-10", "npm@10.8.2"), "npm", "bin", "npm-cli.js");
    const { stderr } = await run(await nodeOf(folder, "20.19.0"), [npm, "install", "--ignore-scripts", "--no-audit", tarball], {
      cwd: place,
    });
    assert.doesNotMatch(stderr, /EBADENGINE|ERESOLVE/);
  });

  it("refuses Bun by name", async function () {
    if (process.platform !== "linux" || process.arch !== "x64") this.skip();
    const place = await projectWith("with-bun");
    // As Pulumi's host for Bun would start it.
    const modules = await installApart(folder, "bun", "@oven/bun-linux-x64-baseline@1.4.5");
    const node = join(folder, "bun", "node");
    await symlink(join(modules, "@oven", "bun-linux-x64-baseline", "bin", "bun"), node);
    const project = new ConsumerProject(sandbox, place, node);
    const program = await project.oneLine();
    const stack = await Stack.create(sandbox, { program, policies: [policyFor(consumed)], env: await project.env() });
    try {
      const { output } = assertFails(await stack.preview());
      assertSays(output, "error: ghcr-retention does not run on Bun (1.4.5), only on Node.js: write `runtime: nodejs` in Pulumi.yaml");
    } finally {
      await stack.remove();
    }
  });

  it("works beside TypeScript 7 in a program of JavaScript, where Pulumi's SDK fails on one of TypeScript", async () => {
    const place = await projectWith("typescript-7", "typescript@7.0.2");
    const project = new ConsumerProject(sandbox, place);
    await project.writeProgram();
    await project.applies();
    const stack = await Stack.create(sandbox, { program: place });
    const { output } = assertFails(await stack.preview());
    await stack.remove();
    const stated = /`(TypeError: [^`]+)`/.exec(await readFile(join(root, "docs", "engine.md"), "utf8"))?.[1];
    assertSays(output, stated ?? "docs/engine.md names the error");
  });
}
