import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";
import { assertSays, assertSucceeds, diagnosticsOf } from "../../support/engine/output";
import { Stack } from "../../support/engine/stack";
import { now, PackageWorld, small } from "../../support/engine/world";
import { installWithNpm, packedFolder, removeFolder } from "../../support/packaging/project";

const run = promisify(execFile);
const root = join(__dirname, "..", "..", "..");
const consumer = join(__dirname, "..", "..", "support", "packaging", "consumer");

/** The releases of Node that are maintained, besides the one that runs this. */
const nodes = ["20.20.2", "22.23.3", "24.21.0"];

/** What a project with pnpm has. */
const project = {
  name: "empty",
  private: true,
  dependencies: { "@pulumi/pulumi": "3.248.0", "@types/node": "20.19.43", typescript: "5.9.3" },
};

/** Three installations from the registry, and a Node each: `npm run test:long`. */
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

  /** The consumer's scripts, then its program on the engine. */
  async function works(place: string, node = process.execPath): Promise<void> {
    const { PATH } = await isolatedEnvironment();
    const env = { ...process.env, PATH: [dirname(node), PATH].join(delimiter) };
    for (const script of ["require.cjs", "import.mjs"]) {
      assertSays((await run(node, [script], { cwd: place, env })).stdout, "RetentionPolicy");
    }
    const config = { "consumer:owner": "acme", "consumer:package": "shop" };
    const stack = await Stack.create(sandbox, { program: place, config, env: { PATH: env.PATH } });
    try {
      assertSays(diagnosticsOf(assertSucceeds(await stack.preview()), "policy"), "delete 3 of 6 versions (1 image)");
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

  for (const version of nodes) {
    it(`works with Node ${version}`, async function () {
      if (process.platform !== "linux") this.skip();
      const place = join(folder, `node-${version}`);
      await installWithNpm(place, tarball);
      await cp(consumer, place, { recursive: true });
      const home = join(folder, `binary-${version}`);
      await mkdir(home);
      await writeFile(join(home, "package.json"), JSON.stringify({ private: true }));
      const name = `node-linux-${process.arch}`;
      await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${version}`], { cwd: home });
      const node = join(home, "node_modules", name, "bin", "node");
      assert.equal((await run(node, ["--version"])).stdout.trim(), `v${version}`);
      await works(place, node);
    });
  }
}

/** The lines of pnpm's tree of unmet peers, without the drawing. */
function peersIn(said: string): string[] {
  return said
    .split("\n")
    .filter((line) => /unmet peer|missing peer/.test(line))
    .map((line) => line.replace(/^[^a-z@✕]+/, ""));
}
