import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { chosenEngine } from "../../../scripts/setup/engine-record.mjs";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";
import { root, tools } from "../../../scripts/setup/paths.mjs";

describe("scripts/run.mjs", () => {
  it("lists its commands when it does not know one", () => {
    for (const name of ["", "nonsense", "constructor"]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts", "run.mjs"), name], { encoding: "utf8" });
      assert.equal(status, 2);
      assert.equal(stdout, "");
      assert.match(stderr, /usage: [\s\S]+ setup [\s\S]+ demo [\s\S]+ sandbox [\s\S]+ test /);
    }
  });
});

describe("the environment of demo and tests", () => {
  it("has the chosen engine first on PATH, and its files in the repository", async () => {
    const engine = await chosenEngine();
    assert.ok(engine);
    const env = await isolatedEnvironment({ PATH: "/somewhere/node_modules/.bin" });
    assert.equal(env.PATH?.split(":")[0], dirname(engine.pulumi));
    assert.ok(env.PULUMI_HOME?.startsWith(tools));
    assert.ok(env.PULUMI_BACKEND_URL?.startsWith("file://"));
  });

  it("keeps out the caller's Pulumi account and GitHub token", async () => {
    const env = await isolatedEnvironment({
      PATH: "",
      HOME: "/home/someone",
      PULUMI_ACCESS_TOKEN: "pul-1",
      PULUMI_BACKEND_URL: "https://api.pulumi.com",
      PULUMI_STACK: "production",
      GITHUB_TOKEN: "ghp_1",
      GH_TOKEN: "ghp_2",
    });
    assert.doesNotMatch(JSON.stringify(env), /pul-1|api\.pulumi\.com|production|ghp_/);
    assert.equal(env.HOME, "/home/someone");
  });
});

describe("the summary reporter", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tools, "summary-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("counts what mocha counted, a failed hook included", async () => {
    await writeFile(
      join(folder, "some.test.js"),
      `it("passes", () => {});
       it("fails", () => { throw new Error("no"); });
       it.skip("is skipped", () => {});
       describe("with a hook", () => { before(() => { throw new Error("no"); }); it("never runs", () => {}); });`,
    );
    const summary = join(folder, "summary.json");
    const args = [
      join(root, "node_modules/mocha/bin/mocha.js"),
      "--no-config",
      "--reporter",
      join(root, "scripts/testing/summary-reporter.mjs"),
    ];
    const { stdout } = spawnSync(process.execPath, [...args, join(folder, "some.test.js")], {
      env: { ...process.env, TEST_SUMMARY: summary },
      encoding: "utf8",
    });
    assert.match(stdout, /1 passing[\s\S]+1 pending[\s\S]+2 failing/);
    assert.deepEqual(JSON.parse(await readFile(summary, "utf8")), { passed: 1, failed: 2, skipped: 1 });
  });
});
