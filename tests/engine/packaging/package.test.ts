import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, readdir, readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { minVersion, satisfies } from "semver";
import { z } from "zod";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertSays, assertSucceeds, diagnosticsOf, planIdIn } from "../../support/engine/output";
import { Stack } from "../../support/engine/stack";
import { now, PackageWorld, small } from "../../support/engine/world";
import { installWithNpm, Manifest, packagesFor, packedFolder, removeFolder, sizeOf } from "../../support/packaging/project";

const run = promisify(execFile);
const root = join(__dirname, "..", "..", "..");
const bin = join(root, "node_modules", ".bin");
const exported = [
  "OrganizationRetention",
  "RetentionPolicy",
  "configuredOrganizations",
  "configuredPolicies",
  "imagesFromJson",
  "imagesFromStack",
  "imagesOfEcsTaskDefinition",
  "imagesOfKubernetes",
];
const Names = z.array(z.string());
const Engines = z.object({ node: z.string() }).catch({ node: "*" });
const Lock = z.object({ packages: z.record(z.string(), z.looseObject({ engines: Engines })) });
const Loaded = z.object({ packages: z.array(z.string()), own: z.array(z.string()) });

describe("the package", function () {
  this.timeout(240_000);

  let folder: string;
  let tarball: string;
  let project: string;
  let installed: string;
  let saidByNpm: string;

  before(async () => {
    ({ folder, tarball } = await packedFolder());
    project = join(folder, "project");
    saidByNpm = await installWithNpm(project, tarball);
    await cp(join(__dirname, "..", "..", "support", "packaging", "consumer"), project, { recursive: true });
    installed = join(project, "node_modules", "ghcr-retention");
  });
  after(() => removeFolder(folder));

  /** What a script of the consumer prints, as JSON. */
  async function printed<Read extends z.ZodType>(script: string, schema: Read): Promise<z.output<Read>> {
    const { stdout } = await run(process.execPath, [script], { cwd: project });
    return schema.parse(JSON.parse(stdout));
  }

  describe("as it is packed", () => {
    it("passes publint without a word", async () => {
      const { stdout } = await run(join(bin, "publint"), ["run", tarball, "--strict"], { cwd: root });
      assertSays(stdout, "All good!");
    });

    it("resolves, with its types, for every kind of consumer", async () => {
      // The life cycle is loaded by the provider in the state, and a program of one line by Node, through `exports`.
      const { stdout } = await run(join(bin, "attw"), [tarball, "--exclude-entrypoints", "lifecycle", "stack", "testing", "--no-color"], {
        cwd: root,
      });
      assertSays(stdout, "No problems found");
      await run(join(bin, "attw"), [tarball, "--entrypoints", "lifecycle", "stack", "testing", "--profile", "node16", "--no-color"], {
        cwd: root,
      });
    });

    it("holds what is compiled, the schema, and nothing else", async () => {
      const { files } = await sizeOf(installed);
      const kinds =
        /^(bin\/(components|cleaners)\/.+\.(js|d\.ts)|schema\/[^/]+\.json|(README|CHANGELOG)\.md|stack\.js|start-provider\.js|LICENSE|package\.json)$/;
      const others = files.map((file) => relative(installed, file)).filter((file) => !kinds.test(file));
      assert.deepEqual(others, []);
    });

    it("is as small as docs/library.md says, and brings as few packages along", async () => {
      const page = await readFile(join(root, "docs", "library.md"), "utf8");
      const stated = (what: string) => Number(new RegExp(`^\\| ${what} \\| at most (\\d+)`, "m").exec(page)?.[1]);
      const { bytes } = await sizeOf(installed);
      assert.ok(bytes / 1_000 <= stated("unpacked size"), `${bytes} bytes unpacked`);

      const { dependencies } = Manifest.parse(JSON.parse(await readFile(join(installed, "package.json"), "utf8")));
      assert.ok(Object.keys(dependencies).length <= stated("packages it depends on"), `${Object.keys(dependencies).length} dependencies`);
      const pulumis = await packagesFor(project, "@pulumi/pulumi");
      const brought = [...(await packagesFor(project, "ghcr-retention"))].filter((path) => !pulumis.has(path));
      assert.ok(brought.length <= stated("packages that come with it"), `${brought.length} packages: ${brought.join(" ")}`);
    });

    it("imports only what it declares", async () => {
      const { dependencies, peerDependencies } = Manifest.parse(JSON.parse(await readFile(join(installed, "package.json"), "utf8")));
      const declared = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies), "ghcr-retention"]);
      const { files } = await sizeOf(join(installed, "bin"));
      const imported = new Map<string, string>();
      for (const file of files) {
        const text = await readFile(file, "utf8");
        for (const [, name = ""] of text.matchAll(/(?:\bfrom |\bimport\(|\brequire\()"([^".][^"]*)"/g)) imported.set(packageOf(name), file);
      }
      assert.ok(imported.size > 10);
      const undeclared = [...imported].filter(([name]) => !isBuiltin(name) && !declared.has(name));
      assert.deepEqual(undeclared, []);
      // The others hold the version of a package that comes with one of these.
      const used = Object.keys(dependencies).filter((name) => imported.has(name));
      const brought = await packagesFor(project, ...used);
      const unused = Object.keys(dependencies).filter((name) => !imported.has(name) && !brought.has(`node_modules/${name}`));
      assert.deepEqual(unused, []);
    });
  });

  describe("when npm has installed it into an empty project", () => {
    it("has no word about peers, or about the version of Node", () => {
      assert.doesNotMatch(saidByNpm, /peer|ERESOLVE|EBADENGINE/i);
    });

    it("brings nothing that needs a newer Node than the package itself", async () => {
      const { packages } = Lock.parse(JSON.parse(await readFile(join(project, "package-lock.json"), "utf8")));
      const named = packages["node_modules/ghcr-retention"]?.engines.node ?? "";
      const oldest = named.split("||").map((range) => minVersion(range)?.version ?? "");
      const brought = await packagesFor(project, "ghcr-retention");
      const refusing = [...brought].flatMap((path) => {
        const needed = packages[path]?.engines.node ?? "";
        return oldest.filter((version) => !satisfies(version, needed)).map((version) => `${path} refuses ${version}: ${needed}`);
      });
      assert.ok(oldest.length > 1 && brought.size > 10);
      assert.deepEqual(refusing, []);
    });

    it("leaves Pulumi to the project: there is one copy", async () => {
      const { files } = await sizeOf(join(installed, "node_modules")).catch(() => ({ files: [] }));
      assert.deepEqual(
        files.filter((file) => file.includes("@pulumi")),
        [],
      );
      assert.ok((await readdir(join(project, "node_modules", "@pulumi"))).includes("pulumi"));
    });

    it("gives the same to `require` and to `import`", async () => {
      assert.deepEqual((await printed("require.cjs", Names)).sort(), exported);
      assert.deepEqual((await printed("import.mjs", Names)).sort(), exported);
    });

    it("loads what a program needs, and the rest when it is needed", async () => {
      const { packages, own } = await printed("loaded.cjs", Loaded);
      for (const name of ["typescript", "ts-node", "undici", "commander", "yaml"]) assert.ok(!packages.includes(name), name);
      assert.ok(own.includes("resources/retention-policy.js"));
      const late = own.filter((path) => /^(command-line\/|lifecycle\/(apply\/|(check|diff|read|index)\.js))/.test(path));
      assert.deepEqual(late, []);
    });

    it("loads no compiler, in a program that loads nothing else", async () => {
      const packages = await printed("alone.cjs", z.array(z.string()));
      assert.ok(packages.includes("@pulumi/pulumi"));
      assert.deepEqual(
        packages.filter((name) => /^typescript$|^ts-node$|arborist/.test(name)),
        [],
      );
    });

    it("runs its command", async () => {
      const { stdout } = await run(join(project, "node_modules", ".bin", "ghcr-retention"), ["schema"], { cwd: project });
      const schema = JSON.parse(await readFile(join(installed, "schema", "ghcr-retention.schema.json"), "utf8"));
      assert.deepEqual(JSON.parse(stdout), schema);
    });

    for (const compiler of ["typescript", "typescript-6"]) {
      for (const [resolution, module] of Object.entries({ node16: "node16", bundler: "esnext" })) {
        // The engine checks with 5.9 below; each takes ten seconds.
        if (!process.env.LONG && !(compiler === "typescript-6" && resolution === "bundler")) continue;
        it(`type-checks with ${compiler === "typescript" ? "TypeScript 5.9" : "TypeScript 6"}, resolution "${resolution}", libraries as well`, async () => {
          await cp(join(project, "program.ts"), join(project, "program.mts"));
          const { version } = JSON.parse(await readFile(join(root, "node_modules", compiler, "package.json"), "utf8"));
          assert.match(version, compiler === "typescript" ? /^5\.9\./ : /^6\./);
          const target = ["--target", "es2022", "--lib", "es2023", "--types", "node"];
          const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "false"];
          const how = [...strict, ...target, "--module", module, "--moduleResolution", resolution];
          const tsc = join(root, "node_modules", compiler, "bin", "tsc");
          const { stdout } = await run(process.execPath, [tsc, ...how, "program.ts", "program.mts"], { cwd: project }).catch(
            (error: { readonly stdout: string }) => error,
          );
          assert.equal(stdout, "");
        });
      }
    }
  });

  describe("in a program of that project, on the real engine", () => {
    const repository = "acme/shop";
    let sandbox: Sandbox;
    let world: PackageWorld;
    let stack: Stack;

    before(async () => {
      sandbox = await startSandbox({ now });
      world = await new PackageWorld(sandbox, repository).deploy(small);
      stack = await Stack.create(sandbox, {
        program: project,
        config: { "consumer:owner": "acme", "consumer:package": "shop" },
        // As for a user: the SDK checks the program's types, with the project's own compiler.
        env: { PULUMI_NODEJS_TRANSPILE_ONLY: "false" },
      });
    });
    after(async () => {
      await stack?.remove();
      await sandbox?.close();
    });

    it("shows the plan", async () => {
      const preview = assertSucceeds(await stack.preview());
      const planId = planIdIn(preview, "policy");
      assertSays(diagnosticsOf(preview, "policy"), "delete 3 of 6 versions (1 image)", "drop-pr-builds");
      assert.deepEqual(world.deleted(), []);
      assert.match(planId, /^2026-11-23-/);
    });
  });
});

/** `@scope/name` of `@scope/name/file`. */
function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
