// @ts-check
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { capture, handOver } from "../setup/command.mjs";
import { isolatedEnvironment } from "../setup/environment.mjs";
import { root, tools } from "../setup/paths.mjs";
import { SetupError } from "../setup/setup-error.mjs";
import { testFiles } from "../testing/test-files.mjs";

const modules = join(root, "node_modules");
const quickStart = `--require "${join(root, "scripts", "testing", "quick-start.cjs")}"`;
const tsc = join(modules, "typescript", "bin", "tsc");
/** @param {string} file */
const incrementally = (file) => ["--incremental", "--tsBuildInfoFile", join(root, "bin", file)];
const checks = [
  { name: "lint", script: join(modules, "@biomejs", "biome", "bin", "biome"), args: ["check", "."] },
  {
    name: "order of imports",
    script: join(modules, "dependency-cruiser", "bin", "dependency-cruise.mjs"),
    args: ["bench", "cleaners", "components", "demo", "live", "policies", "sandbox", "tests", "index.ts"],
  },
  { name: "types", script: tsc, args: ["-p", "tsconfig.tests.json", ...incrementally(".tests.tsbuildinfo")] },
  { name: "types of the page's script", script: tsc, args: ["-p", "components/review/browser", "--noEmit"] },
  { name: "types of the scripts", script: tsc, args: ["-p", "scripts/tsconfig.json", ...incrementally(".scripts.tsbuildinfo")] },
];

/**
 * Every test, and lint and types beside them; with arguments, only mocha, and they are mocha's.
 * Where TEST_SUMMARY names a file, the counts are written there: a check that fails counts as a failed test.
 * @param {string[]} args
 */
export async function test(args) {
  const env = await isolatedEnvironment();
  const [{ exitCode, summary }, failedChecks] = await Promise.all([runMocha(args, env), args.length > 0 ? [] : runChecks(env)]);

  const total = { ...summary, failed: summary.failed + failedChecks.length };
  const path = process.env.TEST_SUMMARY;
  if (path) await writeFile(path, `${JSON.stringify(total)}\n`);
  // Last, where they are read: what mocha prints is long.
  for (const { name, output } of failedChecks) process.stderr.write(`\n${name}:\n${output}\n`);
  if (failedChecks.length > 0) process.stderr.write(`error: failed beside the tests: ${failedChecks.map(({ name }) => name).join(", ")}\n`);
  return failedChecks.length > 0 ? 1 : exitCode;
}

/** One after the other, since the tests need the other processors. @param {NodeJS.ProcessEnv} env */
async function runChecks(env) {
  const failed = [];
  for (const { name, script, args } of checks) {
    try {
      await capture(process.execPath, [script, ...args], { cwd: root, env });
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      failed.push({ name, output: error.output ?? error.message });
    }
  }
  return failed;
}

/** @param {string[]} args @param {NodeJS.ProcessEnv} env */
async function runMocha(args, env) {
  const folder = await mkdtemp(join(tools, "test-"));
  try {
    const path = join(folder, "summary.json");
    const forbidOnly = process.env.CI ? ["--forbid-only"] : [];
    const mocha = join(modules, "mocha", "bin", "mocha.js");
    const exitCode = await handOver(process.execPath, [mocha, ...forbidOnly, ...args, ...(await selection(args))], {
      cwd: root,
      env: { ...env, TEST_SUMMARY: path, NODE_OPTIONS: [env.NODE_OPTIONS, quickStart].filter(Boolean).join(" ") },
    });
    return { exitCode, summary: await readSummary(path, exitCode) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Mocha would add named files to those of its configuration, so the default is chosen here: all files, one in a process at a time.
 * Named files run in one process, where `.only` and a debugger work.
 * @param {string[]} args
 */
async function selection(args) {
  if (args.some((argument) => argument.includes("tests/"))) return [];
  return ["--parallel", "--jobs", String(availableParallelism()), ...(await testFiles())];
}

/**
 * A test file that does not even load ends mocha before it counts anything.
 * @param {string} path
 * @param {number} exitCode
 * @returns {Promise<import("../testing/summary-reporter.mjs").Summary>}
 */
async function readSummary(path, exitCode) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return { passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
  }
}
