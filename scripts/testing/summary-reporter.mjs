// @ts-check
import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** Mocha's spec reporter, which also writes its counts to the file that TEST_SUMMARY names. */
export default class SummaryReporter extends Mocha.reporters.Spec {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    const path = process.env.TEST_SUMMARY;
    if (path) runner.once("end", () => writeSummary(path, runner.stats));
  }
}

/**
 * @typedef {object} Summary
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/** @param {string} path @param {Mocha.Stats | undefined} stats */
function writeSummary(path, stats) {
  if (!stats) return;
  writeFileSync(path, `${JSON.stringify({ passed: stats.passes, failed: stats.failures, skipped: stats.pending })}\n`);
}
