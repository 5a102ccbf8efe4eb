// @ts-check
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/paths.mjs";

/** The lowest score in percent with which the command succeeds. */
export const lowest = 90;

/** The folder for all output. */
export const folder = ".mutation";

/**
 * Returns a configuration of Stryker. Tests run in the listed order, and the first failure ends a mutant, so quick tests come first.
 * @param {string} name
 * @param {{ mutate: string[], tests: string[] }} what
 * @returns {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
export function configuration(name, { mutate, tests }) {
  return {
    mutate,
    testRunner: "fresh-mocha",
    plugins: ["./scripts/mutation/fresh-mocha.mjs"],
    freshMocha: { files: tests },
    warnings: { unknownOptions: false, preprocessorErrors: true, unserializableOptions: true, slow: true },
    // Compiled once, since each mutant reloads all of it.
    buildCommand: "tsc -p tsconfig.tests.json --noCheck --noEmit false --outDir . --declaration false --sourceMap false",
    coverageAnalysis: "perTest",
    concurrency: 2,
    // Limits the memory that libraries keep of reloaded code.
    maxTestRunnerReuse: 300,
    // Long, since a busy machine must not count as a failed test; endless loops are found by the hit limit.
    timeoutMS: 60_000,
    ignorePatterns: ["/.tools", "/bin", "/.demo", "/docs", `/${folder}`],
    tempDirName: `${folder}/tmp`,
    reporters: ["progress-append-only", "json"],
    jsonReporter: { fileName: `${folder}/${name}.json` },
    allowConsoleColors: false,
    thresholds: { high: lowest, low: lowest, break: lowest },
  };
}

/** Returns the tests of a folder in the order of their names. @param {string} path @param {RegExp} [names] */
export function testsIn(path, names = /\.test\.ts$/) {
  const files = readdirSync(join(root, path)).sort();
  return files.filter((file) => names.test(file)).map((file) => `${path}/${file}`);
}
