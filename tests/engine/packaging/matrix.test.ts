import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { pinnedVersion } from "../../../scripts/setup/engine-pin.mjs";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf, planIdIn } from "../../support/engine/output";
import { Stack } from "../../support/engine/stack";
import { now, PackageWorld, policyFor, small } from "../../support/engine/world";
import { installWithNpm, Manifest, packedFolder, removeFolder } from "../../support/packaging/project";

const run = promisify(execFile);
const root = join(__dirname, "..", "..", "..");
const consumer = join(__dirname, "..", "..", "support", "packaging", "consumer");

/** The SDK at both ends of the range that package.json accepts: from 3.249 on, it needs Node 22. */
const sdk = { oldest: "3.248.0", newest: "3.276.0" };

/** The releases of Node that are maintained, each with an SDK that it runs. */
const combinations = [
  { node: "20.20.2", sdk: sdk.oldest },
  { node: "22.23.3", sdk: sdk.newest },
  { node: "24.21.0", sdk: sdk.newest },
];

/** What a project with pnpm has. */
const project = {
  name: "empty",
  private: true,
  dependencies: { "@pulumi/pulumi": sdk.oldest, "@types/node": "20.19.43", typescript: "5.9.3" },
};

/** Installations from the registry, and a Node each: `npm run test:long`. */
if (process.env.LONG) describe("the package, elsewhere", elsewhere);

function elsewhere(this: Mocha.Suite): void {
  this.timeout(600_000);

  let folder: string;
  let tarball: string;
  let sandbox: Sandbox;

  before(async () => {
    ({ folder, tarball } = await packedFolder());
    sandbox = await startSandbox({ now });
    await new PackageWorld(sandbox, "acme/shop").deploy(small);
  });
  after(async () => {
    await sandbox?.close();
    await removeFolder(folder);
  });

  /** The environment of a project's engine, with a Node of its own. */
  async function withNode(node: string): Promise<{ PATH: string }> {
    const { PATH } = await isolatedEnvironment();
    return { PATH: [dirname(node), PATH].join(delimiter) };
  }

  /** The consumer's scripts, its program in TypeScript, and the program of one line from its plan to its apply. */
  async function works(place: string, node = process.execPath): Promise<void> {
    const env = await withNode(node);
    for (const script of ["require.cjs", "import.mjs"]) {
      assertSays((await run(node, [script], { cwd: place, env: { ...process.env, ...env } })).stdout, "RetentionPolicy");
    }
    const config = { "consumer:owner": "acme", "consumer:package": "shop" };
    const stack = await Stack.create(sandbox, { program: place, config, env });
    try {
      assertSays(diagnosticsOf(assertSucceeds(await stack.preview()), "policy"), "delete 3 of 6 versions (1 image)");
    } finally {
      await stack.remove();
    }
    await applies(place, node);
  }

  /** The program that `init --new` writes, in JavaScript. */
  async function oneLine(place: string): Promise<string> {
    const program = join(place, "one-line");
    await mkdir(program);
    const runtime = { name: "nodejs", options: { typescript: false } };
    await writeFile(join(program, "Pulumi.yaml"), JSON.stringify({ name: "one-line", runtime, main: "retention.js" }));
    await writeFile(join(program, "retention.js"), 'module.exports = require("ghcr-retention/stack");\n');
    return program;
  }

  async function applies(place: string, node: string): Promise<void> {
    const repository = `acme/${basename(place)}`;
    const world = await new PackageWorld(sandbox, repository).deploy(small);
    const program = await oneLine(place);
    const stack = await Stack.create(sandbox, { program, policies: [policyFor(repository)], env: await withNode(node) });
    try {
      await stack.approve(planIdIn(assertSucceeds(await stack.preview()), repository));
      assertSucceeds(await stack.up());
      assert.deepEqual(world.deleted(), world.digests("pr1"));
      assertSucceeds(await stack.preview("--expect-no-changes"));
    } finally {
      await stack.remove();
    }
  }

  describe("when pnpm installs it, where no package sees what it has not declared", () => {
    async function pnpm(place: string, ...args: string[]): Promise<string> {
      const script = join(root, "node_modules", "pnpm", "bin", "pnpm.cjs");
      const how = ["--store-dir", join(folder, "store"), "--ignore-scripts", "--reporter", "append-only"];
      const { stdout, stderr } = await run(process.execPath, [script, ...args, ...how], { cwd: place, maxBuffer: 1 << 26 });
      return `${stdout}${stderr}`;
    }

    it("works, and adds no word about peers to those of Pulumi's own packages", async () => {
      const place = join(folder, "with-pnpm");
      await mkdir(place);
      await cp(consumer, place, { recursive: true });
      await writeFile(join(place, "package.json"), JSON.stringify(project));
      // Pulumi's own packages give some.
      const before = peersIn(await pnpm(place, "install"));
      const after = peersIn(await pnpm(place, "add", tarball));
      assert.deepEqual(
        after.filter((line) => !before.includes(line)),
        [],
      );
      await works(place);
    });
  });

  /** A Node from npm's registry. */
  async function nodeOf(version: string): Promise<string> {
    const home = join(folder, `binary-${version}`);
    const name = `node-linux-${process.arch}`;
    const node = join(home, "node_modules", name, "bin", "node");
    if (existsSync(node)) return node;
    await mkdir(home);
    await writeFile(join(home, "package.json"), JSON.stringify({ private: true }));
    await npmInstall(home, `${name}@${version}`);
    assert.equal((await run(node, ["--version"])).stdout.trim(), `v${version}`);
    return node;
  }

  function npmInstall(cwd: string, ...args: string[]) {
    return run("npm", ["install", "--save-exact", "--ignore-scripts", "--no-audit", "--no-fund", ...args], { cwd });
  }

  async function projectWith(name: string, ...packages: string[]): Promise<string> {
    const place = join(folder, name);
    await installWithNpm(place, tarball);
    if (packages.length > 0) await npmInstall(place, "--legacy-peer-deps", ...packages);
    await cp(consumer, place, { recursive: true });
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
      await works(place, await nodeOf(node));
    });
  }

  it("refuses Bun by name", async function () {
    if (process.platform !== "linux" || process.arch !== "x64") this.skip();
    const place = await projectWith("with-bun");
    // As Pulumi's host for Bun would start it.
    const runtime = join(folder, "bun");
    await mkdir(runtime);
    await writeFile(join(runtime, "package.json"), JSON.stringify({ private: true }));
    await npmInstall(runtime, "@oven/bun-linux-x64-baseline@1.4.5");
    const node = join(runtime, "node");
    await symlink(join(runtime, "node_modules", "@oven", "bun-linux-x64-baseline", "bin", "bun"), node);
    const program = await oneLine(place);
    const stack = await Stack.create(sandbox, { program, policies: [policyFor("acme/shop")], env: await withNode(node) });
    try {
      const { output } = assertFails(await stack.preview());
      assertSays(output, "error: ghcr-retention does not run on Bun (1.4.5), only on Node.js: write `runtime: nodejs` in Pulumi.yaml");
    } finally {
      await stack.remove();
    }
  });

  it("works beside TypeScript 7 in a program of JavaScript, where Pulumi's SDK fails on one of TypeScript", async () => {
    const place = await projectWith("typescript-7", "typescript@7.0.2");
    await applies(place, process.execPath);
    const stack = await Stack.create(sandbox, { program: place });
    const { output } = assertFails(await stack.preview());
    await stack.remove();
    const stated = /`(TypeError: [^`]+)`/.exec(await readFile(join(root, "docs", "engine.md"), "utf8"))?.[1];
    assertSays(output, stated ?? "docs/engine.md names the error");
  });
}

/** The lines of pnpm's tree of unmet peers, without the drawing. */
function peersIn(said: string): string[] {
  return said
    .split("\n")
    .filter((line) => /unmet peer|missing peer/.test(line))
    .map((line) => line.replace(/^[^a-z@✕]+/, ""));
}
