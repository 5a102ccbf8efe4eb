import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { policies } from "../../../policies/policies";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertFails, assertSays, assertSucceeds } from "../../support/engine/output";
import { Stack } from "../../support/engine/stack";
import { now, PackageWorld, policyFor, small } from "../../support/engine/world";
import { startPulumiService } from "../../support/policies/pulumi-service";

const run = promisify(execFile);
const root = join(__dirname, "..", "..", "..");
const repository = "logto-io/logto";
const workflowOf2023 = { name: "delete-untagged", action: "delete", untagged: true, olderThan: "3d", scope: "versions" } as const;

describe("the policy pack as a package", function () {
  this.timeout(300_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: Stack;
  let folder: string;
  let installed: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "ghcr-retention-policies-"));
    const written = join(folder, "dist");
    await run(process.execPath, [join(root, "scripts", "run.mjs"), "policy-pack", written], { cwd: root });
    await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: written });
    const [tarball = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));

    // As `npm install` leaves it: in a project's node_modules, beside what it depends on.
    const modules = join(folder, "project", "node_modules");
    installed = join(modules, "ghcr-retention-policies");
    await mkdir(installed, { recursive: true });
    await run("tar", ["xzf", join(folder, tarball), "--strip-components=1", "-C", installed]);
    const { dependencies } = await manifest();
    for (const name of Object.keys(dependencies)) {
      await mkdir(join(modules, name, ".."), { recursive: true });
      await symlink(join(root, "node_modules", name), join(modules, name));
    }

    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy(small);
    stack = await Stack.create(sandbox, { policies: [policyFor(repository)] });
  });
  after(async () => {
    await stack?.remove();
    await sandbox?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function manifest(): Promise<{ readonly name: string; readonly version: string; readonly dependencies: Record<string, string> }> {
    return JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
  }

  it("has the component's version, a description for Pulumi, and neither sources nor compilers", async () => {
    const { name, version, dependencies } = await manifest();
    assert.equal(name, "ghcr-retention-policies");
    assert.equal(version, JSON.parse(await readFile(join(root, "package.json"), "utf8")).version);
    assert.deepEqual(Object.keys(dependencies), ["@pulumi/policy", "@pulumi/pulumi", "yaml", "zod"]);
    const files = await readdir(installed, { recursive: true });
    for (const file of ["PulumiPolicy.yaml", "index.js", "LICENSE", "README.md"]) assert.ok(files.includes(file), file);
    assert.deepEqual(
      files.filter((file) => file.endsWith(".ts")),
      [],
    );
  });

  it("refuses the workflow of December 2023 on the real engine", async () => {
    await stack.change({ rules: [workflowOf2023] });
    const { output } = assertFails(await stack.preview("--policy-pack", installed));
    assertSays(output, /\[mandatory\].* no-untagged-children /, ...world.image("prod").children.map(({ digest }) => digest));
  });

  it("lets a policy of whole images pass", async () => {
    stack.policies = [policyFor(repository)];
    await stack.writeConfig();
    assert.doesNotMatch(assertSucceeds(await stack.preview("--policy-pack", installed)).output, /\[(mandatory|advisory)\]/);
  });

  it("can be published to an organisation, with all that people are to read of each policy", async () => {
    const service = await startPulumiService("acme");
    const env = { ...stack.env, PULUMI_BACKEND_URL: service.url, PULUMI_ACCESS_TOKEN: "pul-for-the-test" };
    const { stdout } = await run("pulumi", ["policy", "publish", "acme"], { cwd: installed, env }).finally(() => service.close());
    const [sent] = service.published;
    assert.match(stdout, new RegExp(`Publishing "ghcr-retention" - version ${(await manifest()).version} to "acme"`));
    assert.equal(sent?.versionTag, (await manifest()).version);
    assert.deepEqual(sent?.policies.map(({ name }) => name).sort(), policies.map(({ name }) => name).sort());
    for (const { name, description, severity, remediationSteps, framework, tags } of sent?.policies ?? []) {
      assert.ok(description && severity && remediationSteps && framework.name && tags.length > 0, name);
    }
    assert.equal(service.completed.length, 1);

    const archive = join(folder, "published.tgz");
    await writeFile(archive, service.uploads[0] ?? Buffer.alloc(0));
    const listed = await run("tar", ["tzf", archive]);
    assert.match(listed.stdout, /(^|\/)no-untagged-children\.js$/m);
    assert.doesNotMatch(listed.stdout, /\.ts$/m);
  });
});
