import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { repository } from "../../../demo/stage/project";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";

const minute = 60_000;

describe("npm run demo", function () {
  this.timeout(5 * minute);
  let env: NodeJS.ProcessEnv;
  let folder: string;

  before(async () => {
    env = await isolatedEnvironment();
  });
  beforeEach(() => {
    // Inside the repository, since the program in it finds the package by its name.
    folder = mkdtempSync(join(repository, ".tools", "demo-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function start(changes: NodeJS.ProcessEnv = {}, dir = folder): ChildProcess {
    return spawn(process.execPath, [join(repository, "bin", "demo", "main.js"), "--dir", dir], {
      cwd: repository,
      env: { ...env, ...changes },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  it("shows each step, checks it, and leaves what it takes to go on", async () => {
    const demo = start();
    const [code, output, errors] = await Promise.all([exitCode(demo), read(demo, "stdout"), read(demo, "stderr")]);
    assert.equal(code, 0, output + errors);
    for (const line of [
      /\(a\) .*\n[\s\S]*\$ pulumi preview --stack workflow-of-2023 --policy-pack \S+\n/,
      /no-untagged-children[\s\S]*logto-io\/logto\)[\s\S]*sha256:[0-9a-f]{12}… \(linux\/amd64\), needed by prod\n/,
      /✓ Refused with exit code \d+/,
      /\(b\) .*\n[\s\S]*logto-io\/logto: \d{3} versions deleted/,
      /\$ crane pull --platform linux\/amd64 127\.0\.0\.1:\d+\/logto-io\/logto-cloud:prod[\s\S]*MANIFEST_UNKNOWN[\s\S]*✓ Production is down/,
      /\(c\) .*\n[\s\S]*plan 2023-12-17-[0-9a-f]{12}: delete \d+ of \d+ versions/,
      /✓ The policy pack agrees/,
      /waits for approval[\s\S]*✓ Nothing was deleted/,
      /\$ pulumi config set --path 'ghcr-retention:policies\[1\]\.approve' 2023-12-17-[0-9a-f]{12}\n/,
      /✓ \d+ versions deleted, exactly as many as approved/,
      /\(d\) .*\n[\s\S]*✓ \d+ tags pulled, each with linux\/amd64 and linux\/arm64/,
      /\(e\) .*\n[\s\S]*\$ crane digest (127\.0\.0\.1:\d+\/logto-io\/logto:pr-\d+)\n[\s\S]*MANIFEST_UNKNOWN[\s\S]*\$ crane pull .* \1 pulled\/restored\n/,
      /\$ pulumi config set --path 'ghcr-retention:policies\[0\]\.restore\[0\]' (pr-\d+)\n[\s\S]*logto-io\/logto: restored 5 versions, and pulled;[\s\S]*✓ `\1` is back after \d+ seconds and pulled, with linux\/amd64 and/,
      /\(f\) .*\n[\s\S]*\$ pulumi preview --expect-no-changes\n[\s\S]*✓ No changes/,
      /Every step was checked\. It took \d+ seconds\.\n/,
    ]) {
      assert.match(output, line);
    }
    assert.equal(output.match(/✗/), null);
    assert.deepEqual(
      output.split("\n").filter((line) => line.length > 100 && !line.includes("curl")),
      [],
    );
    await goOn(output);
  });

  /** Pastes the commands at the end of the output into a shell, but for its last preview. */
  async function goOn(output: string): Promise<void> {
    const commands = [...output.slice(output.indexOf("To continue")).matchAll(/^ {4}(\S.*?)(?: +#.*)?$/gm)].map(
      ([, command = ""]) => command,
    );
    const [registry = "", enter = "", ...rest] = commands;
    assert.match(registry, /^npm run sandbox -- --dir \S+ --port \d+ &$/);
    const here = relative(repository, folder);
    assert.equal(enter, `cd ${here} && . ./env`);
    const ready = `until grep -q githubApiUrl ${here}/ready; do sleep 0.2; done`;
    const script = [
      "set -e -m",
      registry.replace(/ &$/, ` > ${here}/ready &`),
      "trap 'kill %1' EXIT",
      ready,
      enter,
      ...rest.filter((command) => !command.includes("workflow-of-2023")),
    ];
    const shell = spawn("bash", ["-c", script.join("\n")], { cwd: repository, stdio: ["ignore", "pipe", "pipe"] });
    const [code, said, errors] = await Promise.all([exitCode(shell), read(shell, "stdout"), read(shell, "stderr")]);
    assert.equal(code, 0, said + errors);
    assert.match(said, /nothing to delete[\s\S]*counts[\s\S]*\bprod\n[\s\S]*plan 2024-01-17-[0-9a-f]{12}: delete \d+/);
  }

  it("says what was expected and ends with exit code 1 when a promise is broken", async () => {
    // A crane that pulls whatever it is asked for: then the outage cannot be seen.
    const demo = start({ PATH: `${join(__dirname, "..", "..", "support", "demo", "false-crane")}:${env.PATH}` });
    const [code, output] = await Promise.all([exitCode(demo), read(demo, "stdout")]);
    assert.equal(code, 1, output);
    assert.match(output, /✗ expected 'crane pull --platform linux\/amd64 .+' to fail with MANIFEST_UNKNOWN\n +found exit code 0/);
    assert.doesNotMatch(output, /\(c\)|Every step was checked/);
  });

  it("leaves no process behind when it is interrupted", async function () {
    if (process.platform !== "linux") this.skip();
    const marker = `demo-interrupted-${process.pid}`;
    const demo = start({ DEMO_MARKER: marker });
    let output = "";
    for (const stream of [demo.stdout, demo.stderr]) {
      stream?.setEncoding("utf8").on("data", (part: string) => {
        output += part;
      });
    }
    const ended = exitCode(demo);
    while (!output.includes("$ pulumi preview") && demo.exitCode === null) await wait(100);
    await wait(1_500);
    assert.ok(processesWith(marker).length > 1);
    demo.kill("SIGINT");
    assert.equal(await ended, 130, output);
    for (let tries = 0; tries < 20 && processesWith(marker).length > 0; tries++) await wait(100);
    assert.deepEqual(processesWith(marker), []);
  });

  it("refuses a folder with something in it", async () => {
    const demo = start({}, join(repository, "demo"));
    const [code, errors] = await Promise.all([exitCode(demo), read(demo, "stderr")]);
    assert.equal(code, 1, errors);
    assert.match(errors, /^error: --dir .*demo: expected a new or an empty folder\n$/);
  });
});

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
}

function read(child: ChildProcess, name: "stdout" | "stderr"): Promise<string> {
  const stream = child[name];
  assert.ok(stream !== null);
  return text(stream);
}

/** Processes that inherited the marker, by Linux's own record. */
function processesWith(marker: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(join("/proc", pid, "environ"), "utf8").includes(`DEMO_MARKER=${marker}`);
      } catch {
        return false;
      }
    });
}
