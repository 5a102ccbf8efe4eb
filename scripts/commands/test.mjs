// @ts-check
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { handOver } from "../setup/command.mjs";
import { isolatedEnvironment } from "../setup/environment.mjs";
import { root, tools } from "../setup/paths.mjs";

const modules = join(root, "node_modules");
const checks = [
  { name: "lint", script: join(modules, "@biomejs", "biome", "bin", "biome"), args: ["check", "."] },
  {
    name: "order of imports",
    script: join(modules, "dependency-cruiser", "bin", "dependency-cruise.mjs"),
    args: ["bench", "cleaners", "components", "demo", "policies", "sandbox", "tests", "index.ts"],
  },
  { name: "types", script: join(modules, "typescript", "bin", "tsc"), args: ["-p", "tsconfig.tests.json"] },
  { name: "types of the scripts", script: join(modules, "typescript", "bin", "tsc"), args: ["-p", "scripts/tsconfig.json"] },
];

/**
 * Lint, types, then every test; with arguments, only mocha, and they are mocha's.
 * Where TEST_SUMMARY names a file, the counts are written there: a check that fails counts as a failed test.
 * @param {string[]} args
 */
export async function test(args) {
  const env = await isolatedEnvironment();
  const failedChecks = args.length > 0 ? [] : await runChecks(env);
  const { exitCode, summary } = await runMocha(args, env);

  const total = { ...summary, failed: summary.failed + failedChecks.length };
  const path = process.env.TEST_SUMMARY;
  if (path) await writeFile(path, `${JSON.stringify(total)}\n`);
  if (failedChecks.length > 0) process.stderr.write(`error: failed before the tests: ${failedChecks.join(", ")}\n`);
  return failedChecks.length > 0 ? 1 : exitCode;
}

/** @param {NodeJS.ProcessEnv} env */
async function runChecks(env) {
  const failed = [];
  for (const { name, script, args } of checks) {
    if ((await handOver(process.execPath, [script, ...args], { cwd: root, env })) !== 0) failed.push(name);
  }
  return failed;
}

/** @param {string[]} args @param {NodeJS.ProcessEnv} env */
async function runMocha(args, env) {
  const folder = await mkdtemp(join(tools, "test-"));
  try {
    const path = join(folder, "summary.json");
    const forbidOnly = process.env.CI ? ["--forbid-only"] : [];
    // Mocha would add named files to those of its configuration, so the default is chosen here.
    const files = args.some((argument) => argument.includes("tests/")) ? [] : ["tests/**/*.test.ts"];
    const mocha = join(modules, "mocha", "bin", "mocha.js");
    const exitCode = await handOver(process.execPath, [mocha, ...forbidOnly, ...args, ...files], {
      cwd: root,
      env: { ...env, TEST_SUMMARY: path },
    });
    return { exitCode, summary: await readSummary(path, exitCode) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
