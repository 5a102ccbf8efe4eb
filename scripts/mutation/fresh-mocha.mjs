// @ts-check
import { createRequire } from "node:module";
import { relative, resolve, sep } from "node:path";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { DryRunStatus, determineHitLimitReached, MutantRunStatus, TestStatus, toMutantRunResult } from "@stryker-mutator/api/test-runner";
import Mocha from "mocha";

/**
 * @typedef {import("@stryker-mutator/api/test-runner").TestRunner} TestRunner
 * @typedef {import("@stryker-mutator/api/test-runner").TestResult} TestResult
 *
 * The state of the instrumented code, which counts the passes of a mutant with a limit.
 * @typedef {Partial<Record<"activeMutant" | "currentTestId", string | undefined>>
 *   & Partial<Record<"hitCount" | "hitLimit", number | undefined>>
 *   & { mutantCoverage?: import("@stryker-mutator/api/core").MutantCoverage }} Context
 */

/**
 * Runs mocha's tests for Stryker, and reloads code and tests for each mutant. Stryker's own runner loads them once, so code that
 * runs in a `describe` would never run with a mutant. (It does not support mocha 12 either.)
 * @implements {TestRunner}
 */
class FreshMocha {
  #files;
  #context;
  #require = createRequire(import.meta.url);

  /** @param {import("@stryker-mutator/api/core").StrykerOptions} options */
  constructor(options) {
    const { files } = /** @type {{ files: string[] }} */ (options.freshMocha);
    this.#files = files.map((file) => resolve(file.replace(/\.ts$/, ".js")));
    const global = /** @type {Record<string, Context>} */ (/** @type {unknown} */ (globalThis));
    this.#context = global[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  /** @param {import("@stryker-mutator/api/test-runner").DryRunOptions} options */
  async dryRun({ disableBail }) {
    const result = await this.#run({ bail: !disableBail });
    const { mutantCoverage } = this.#context;
    return result.status === DryRunStatus.Complete && mutantCoverage ? { ...result, mutantCoverage } : result;
  }

  /** @param {import("@stryker-mutator/api/test-runner").MutantRunOptions} options */
  async mutantRun({ activeMutant, disableBail, hitLimit, testFilter }) {
    this.#context.activeMutant = activeMutant.id;
    this.#context.hitLimit = hitLimit;
    this.#context.hitCount = hitLimit === undefined ? undefined : 0;
    const result = await this.#run({ bail: !disableBail, only: testFilter && new Set(testFilter) });
    // A test file that fails to load counts as failed tests.
    if (result.status !== DryRunStatus.Error) return toMutantRunResult(result);
    return { status: /** @type {const} */ (MutantRunStatus.Killed), killedBy: [], failureMessage: result.errorMessage, nrOfTests: 0 };
  }

  /**
   * Loads only the files of the given tests: loading takes most of the time of a mutant.
   * @param {{ bail: boolean, only?: Set<string> | undefined }} how
   * @returns {Promise<import("@stryker-mutator/api/test-runner").DryRunResult>}
   */
  async #run({ bail, only }) {
    this.#forget();
    const tests = /** @type {TestResult[]} */ ([]);
    const mocha = new Mocha({ bail, timeout: 0, reporter: this.#reporterInto(tests) });
    // Not public in the types: the files are loaded here, and not once more by `run`.
    const loader = /** @type {{ lazyLoadFiles(lazy: boolean): void, loadFiles(): void }} */ (/** @type {unknown} */ (mocha));
    loader.lazyLoadFiles(true);
    this.#followTests(mocha.suite);
    // What a module runs when it is loaded counts for each file that loads it.
    if (only === undefined) mocha.suite.on("pre-require", () => this.#forget());
    const files = only ? new Set([...only].map(fileOf)) : undefined;
    for (const file of this.#files) if (files?.has(idOfFile(file)) ?? true) mocha.addFile(file);
    try {
      loader.loadFiles();
      if (only) prune(mocha.suite, only);
      await new Promise((done) => mocha.run(done));
    } catch (error) {
      return { status: DryRunStatus.Error, errorMessage: String(error) };
    }
    return determineHitLimitReached(this.#context.hitCount, this.#context.hitLimit) ?? { status: DryRunStatus.Complete, tests };
  }

  /** Unloads code and tests, but no library. */
  #forget() {
    for (const path of Object.keys(this.#require.cache)) {
      if (path.startsWith(`${process.cwd()}${sep}`) && !path.includes(`${sep}node_modules${sep}`)) delete this.#require.cache[path];
    }
  }

  /** Tracks the current test. Code outside of tests (a module, a `describe`, a hook) counts for all of its file. @param {Mocha.Suite} suite */
  #followTests(suite) {
    const context = this.#context;
    suite.on("pre-require", (_globals, file) => {
      context.currentTestId = idOfFile(file);
    });
    suite.beforeEach(function () {
      context.currentTestId = this.currentTest && idOf(this.currentTest);
    });
    suite.afterEach(function () {
      context.currentTestId = idOfFile(this.currentTest?.file);
    });
  }

  /** @param {TestResult[]} tests */
  #reporterInto(tests) {
    const context = this.#context;
    return class extends Mocha.reporters.Base {
      /** @param {Mocha.Runner} runner */
      constructor(runner) {
        super(runner);
        runner.on("suite", ({ file, parent }) => {
          const id = idOfFile(file);
          context.currentTestId = id;
          if (parent?.root) tests.push({ id, name: id, status: TestStatus.Success, timeSpentMs: 0 });
        });
        runner.on("pass", (test) => tests.push({ ...named(test), status: TestStatus.Success }));
        runner.on("pending", (test) => tests.push({ ...named(test), status: TestStatus.Skipped }));
        runner.on("fail", (test, error) => tests.push({ ...named(test), status: TestStatus.Failed, failureMessage: String(error) }));
      }
    };
  }
}

/** Removes the tests that are not among `only`, by their own identity or by their file's. @param {Mocha.Suite} suite @param {Set<string>} only */
function prune(suite, only) {
  suite.tests = suite.tests.filter((test) => only.has(idOf(test)) || only.has(idOfFile(test.file)));
  for (const inner of suite.suites) prune(inner, only);
}

/** @param {Mocha.Runnable} test */
function named(test) {
  return { id: idOf(test), name: test.fullTitle(), timeSpentMs: test.duration ?? 0 };
}

/** Returns the identity of a test: its file's, and its title. @param {Mocha.Runnable} test */
function idOf(test) {
  return `${idOfFile(test.file)}: ${test.fullTitle()}`;
}

/** Returns a file's path relative to the runner's folder, since each runner has a folder of its own. @param {string | undefined} file */
function idOfFile(file) {
  return relative(process.cwd(), file ?? "");
}

/** @param {string} id of a test or of a file */
function fileOf(id) {
  return id.split(": ")[0] ?? "";
}

/** @param {import("@stryker-mutator/api/core").StrykerOptions} options @returns {TestRunner} */
function create(options) {
  return new FreshMocha(options);
}
create.inject = tokens(commonTokens.options);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "fresh-mocha", create)];
