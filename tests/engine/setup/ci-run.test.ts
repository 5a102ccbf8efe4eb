import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../scripts/setup/paths.mjs";

describe(".ci/run", () => {
  let folder: string;
  let repository: string;
  let temporary: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ci-run-"));
    repository = join(folder, "repository");
    temporary = join(folder, "tmp");
    await mkdir(join(repository, ".ci"), { recursive: true });
    await mkdir(temporary);
    await cp(join(root, ".ci", "run"), join(repository, ".ci", "run"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  function git(...args: string[]): void {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: repository, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  }

  /** A repository whose `npm test` writes this summary, or none, and ends with this code. */
  async function run(summary: object | undefined, exitCode: number) {
    const write = summary ? `require('fs').writeFileSync(process.env.TEST_SUMMARY, ${JSON.stringify(JSON.stringify(summary))});` : "";
    await writeFile(join(repository, "test.js"), `${write} console.log("CI is " + process.env.CI); process.exitCode = ${exitCode};`);
    await writeFile(join(repository, "package.json"), JSON.stringify({ name: "x", version: "1.0.0", scripts: { test: "node test.js" } }));
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "Everything");
    await writeFile(join(repository, "test.js"), "throw new Error('this was never committed')");

    const env = { ...process.env, TMPDIR: temporary, TEST_SUMMARY: "" };
    const { status, stdout } = spawnSync(join(repository, ".ci", "run"), { cwd: folder, env, encoding: "utf8" });
    assert.deepEqual(await readdir(temporary), []);
    return { status, lines: stdout.trimEnd().split("\n") };
  }

  it("tests the commit in a clean clone, says the counts last, and cleans up", async () => {
    const { status, lines } = await run({ passed: 12, failed: 0, skipped: 0 }, 0);
    assert.equal(lines.at(-1), "12 passed, 0 failed");
    assert.ok(lines.includes("CI is true"));
    assert.equal(status, 0, lines.join("\n"));
  });

  it("says what was skipped", async () => {
    const { status, lines } = await run({ passed: 12, failed: 0, skipped: 3 }, 0);
    assert.equal(lines.at(-1), "12 passed, 0 failed, 3 skipped");
    assert.equal(status, 0, lines.join("\n"));
  });

  for (const [why, summary, exitCode, last] of [
    ["a test failed", { passed: 12, failed: 2, skipped: 0 }, 2, "12 passed, 2 failed"],
    ["nothing was tested", { passed: 0, failed: 0, skipped: 4 }, 0, "0 passed, 0 failed, 4 skipped"],
    ["the set-up failed", undefined, 1, "0 passed, 1 failed"],
    ["the command failed although its tests passed", { passed: 12, failed: 0, skipped: 0 }, 1, "12 passed, 1 failed"],
  ] as const) {
    it(`fails when ${why}`, async () => {
      const { status, lines } = await run(summary, exitCode);
      assert.equal(lines.at(-1), last);
      assert.equal(status, 1);
    });
  }
});
