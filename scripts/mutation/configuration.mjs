// @ts-check
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/paths.mjs";

/** The lowest score in percent with which the command succeeds. */
export const lowest = 90;

/** Where everything about it is written. */
export const folder = ".mutation";

/**
 * A configuration of Stryker. Tests run in the order in which they are named, and the first that fails ends a mutant: quick ones go first.
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
    // Compiled once, since each mutant loads all of it anew.
    buildCommand: "tsc -p tsconfig.tests.json --noCheck --noEmit false --outDir . --declaration false --sourceMap false",
    coverageAnalysis: "perTest",
    concurrency: 2,
    // Memory that a library keeps of what was loaded anew.
    maxTestRunnerReuse: 300,
    // Long, since a machine that is busy must not pass for a test that fails; what runs in circles is found by counting.
    timeoutMS: 60_000,
    ignorePatterns: ["/.tools", "/bin", "/.demo", "/docs", `/${folder}`],
    tempDirName: `${folder}/tmp`,
    reporters: ["progress-append-only", "json"],
    jsonReporter: { fileName: `${folder}/${name}.json` },
    allowConsoleColors: false,
    thresholds: { high: lowest, low: lowest, break: lowest },
  };
}

/** The tests of a folder, in the order of their names. @param {string} path @param {RegExp} [names] */
export function testsIn(path, names = /\.test\.ts$/) {
  const files = readdirSync(join(root, path)).sort();
  return files.filter((file) => names.test(file)).map((file) => `${path}/${file}`);
}
