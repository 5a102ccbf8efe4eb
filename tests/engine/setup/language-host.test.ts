import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { access, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";
import { tools } from "../../../scripts/setup/paths.mjs";

// What programs and policy packs rely on must hold with the official language host and with the stand-in alike.
describe("the engine and its language host", function () {
  this.timeout(120_000);

  let folder: string;
  let env: Record<string, string>;
  let started: ChildProcess[] = [];

  before(async () => {
    // Below the repository, so that the fixtures find its node_modules.
    folder = await mkdtemp(join(tools, "language-host-"));
    await mkdir(join(folder, "state"));
    await cp(join(__dirname, "..", "..", "support", "setup", "fixtures"), folder, { recursive: true });
    const isolated = await isolatedEnvironment({ ...process.env, NO_COLOR: "1" });
    env = { ...(isolated as Record<string, string>), PULUMI_BACKEND_URL: String(pathToFileURL(join(folder, "state"))) };
  });
  afterEach(() => {
    for (const child of started) child.kill("SIGKILL");
    started = [];
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const start = (...args: string[]) => startIn(join(folder, "program"), ...args);

  function startIn(cwd: string, ...args: string[]) {
    const child = spawn("pulumi", [...args, "--non-interactive"], { cwd, env });
    started.push(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output }));
    });
    return { child, ended, output: () => output };
  }

  const pulumi = (...args: string[]) => start(...args).ended;

  async function succeed(...args: string[]): Promise<string> {
    const { code, output } = await pulumi(...args);
    assert.equal(code, 0, output);
    return output;
  }

  async function stackWith(stack: string, config: Record<string, string>): Promise<void> {
    await succeed("stack", "init", stack);
    for (const [key, value] of Object.entries(config)) await succeed("config", "set", "--stack", stack, key, value);
  }

  it("runs a program with a dynamic resource, its config, its secrets and its output", async () => {
    await stackWith("works", { text: "hello" });
    await succeed("config", "set", "--stack", "works", "--secret", "secret", "hush-hush");
    await succeed("config", "set", "--stack", "works", "--path", "list[0].name", "first");

    const output = await succeed("up", "--yes", "--skip-preview", "--stack", "works", "--policy-pack", join(folder, "policies"));
    assert.match(output, /printed by the program/);
    assert.match(output, /Thing \(thing\):\n\s+said under the resource/);
    assert.match(output, /set-up-policies@v1\.0\.0/);
    assert.doesNotMatch(output, /hush-hush/);

    const outputs = JSON.parse(await succeed("stack", "output", "--json", "--show-secrets", "--stack", "works"));
    assert.deepEqual(outputs, { made: "made with hello", list: [{ name: "first" }], secret: "hush-hush" });
    assert.doesNotMatch(await succeed("stack", "export", "--stack", "works"), /hush-hush/);

    const preview = JSON.parse(await succeed("preview", "--json", "--stack", "works"));
    assert.deepEqual(preview.changeSummary, { same: 2 });
  });

  it("lets a policy pack refuse a preview", async () => {
    await stackWith("refused", { text: "forbidden" });
    const { code, output } = await pulumi("preview", "--stack", "refused", "--policy-pack", join(folder, "policies"));
    assert.notEqual(code, 0, output);
    assert.match(output, /\[mandatory\]\s+no-forbidden-text[\s\S]*thing says it/);
  });

  it("gives a policy pack the stack's config, secrets in the clear", async () => {
    await stackWith("told", { text: "tell" });
    await succeed("config", "set", "--stack", "told", "--secret", "secret", "hush-hush");
    const output = await succeed("preview", "--stack", "told", "--policy-pack", join(folder, "policies"));
    assert.match(output, /backwards: hsuh-hsuh/);
  });

  it("adds nothing to an error that the program explained itself", async () => {
    await stackWith("fails", { fail: "true" });
    const { code, output } = await pulumi("preview", "--stack", "fails");
    assert.notEqual(code, 0, output);
    assert.match(output, /error: the program gave up/);
    assert.doesNotMatch(output, /non-zero exit code|unhandled error/);
  });

  it("reports a program that ends without a word", async () => {
    await stackWith("leaves", { leave: "true" });
    const { code, output } = await pulumi("preview", "--stack", "leaves");
    assert.notEqual(code, 0, output);
    assert.match(output, /Program exited with non-zero exit code: 7/);
  });

  it("finishes and records the step at hand when interrupted", async () => {
    await stackWith("interrupted", { slowly: "true" });
    const up = start("up", "--yes", "--skip-preview", "--stack", "interrupted");
    while (!/Thing thing creating/.test(up.output())) await new Promise((resolve) => setTimeout(resolve, 50));
    up.child.kill("SIGINT");

    const { code, output } = await up.ended;
    assert.notEqual(code, 0, output);
    assert.match(output, /update canceled/);
    const { deployment } = JSON.parse(await succeed("stack", "export", "--stack", "interrupted"));
    assert.ok(deployment.resources.some((resource: { id?: string }) => resource.id === "one"));
    assert.equal(deployment.pending_operations, undefined);
  });

  describe("in a project whose dependencies are not installed", () => {
    let project: string;
    // Outside the repository, whose node_modules holds the SDK.
    beforeEach(async () => {
      project = await mkdtemp(join(tmpdir(), "language-host-"));
      await cp(join(folder, "program"), project, { recursive: true });
    });
    afterEach(() => rm(project, { recursive: true, force: true }));

    it("names the command that installs them", async () => {
      await startIn(project, "stack", "init", "bare").ended;
      const { code, output } = await startIn(project, "preview", "--stack", "bare").ended;
      assert.notEqual(code, 0, output);
      assert.match(output, /Pulumi SDK (is not|has not been) installed[^\n]*pulumi install/);
    });

    it("installs and lists them", async () => {
      await mkdir(join(project, "beside"));
      await writeFile(join(project, "beside", "package.json"), JSON.stringify({ name: "beside", version: "1.2.3" }));
      await writeFile(join(project, "package.json"), JSON.stringify({ private: true, dependencies: { beside: "file:./beside" } }));
      const { code, output } = await startIn(project, "install").ended;
      assert.equal(code, 0, output);
      await access(join(project, "node_modules", "beside", "package.json"));

      const about = await startIn(project, "about", "--json").ended;
      assert.equal(about.code, 0, about.output);
      const { runtime, dependencies } = JSON.parse(about.output.slice(about.output.indexOf("{")));
      assert.equal(runtime.language, "nodejs");
      assert.equal(runtime.version, process.version);
      assert.deepEqual(
        dependencies.map(({ name }: { name: string }) => name),
        ["beside"],
      );
    });
  });

  it("works through the Automation API", async () => {
    const envPath = process.env.PATH;
    process.env.PATH = env.PATH;
    try {
      const stack = await LocalWorkspace.createOrSelectStack(
        { stackName: "automated", workDir: join(folder, "program") },
        { envVars: env },
      );
      await stack.setConfig("secret", { value: "hush-hush", secret: true });
      const { summary, outputs } = await stack.up();
      assert.equal(summary.result, "succeeded");
      assert.deepEqual(outputs.secret, { value: "hush-hush", secret: true });
    } finally {
      process.env.PATH = envPath;
    }
  });
});
