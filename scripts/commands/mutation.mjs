// @ts-check
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { folder, lowest } from "../mutation/configuration.mjs";
import { withResults } from "../mutation/page.mjs";
import { idle, scores, survivors } from "../mutation/results.mjs";
import { handOver } from "../setup/command.mjs";
import { isolatedEnvironment } from "../setup/environment.mjs";
import { root } from "../setup/paths.mjs";

const home = join(root, "scripts", "mutation");
const measuredFile = join(root, folder, "measured.json");
const parts = ["plan", "apply"];

/**
 * Runs Stryker, which changes the code in many small ways and checks that a test fails; then writes the results to
 * docs/mutation.md. Arguments are passed to Stryker, for the part named first (default: `plan`), and nothing is written;
 * `page` only writes the results of the last run.
 * @param {string[]} args
 */
export async function mutation(args) {
  if (args[0] === "page") return writePage();
  if (args.length > 0) return parts.includes(args[0] ?? "") ? run(args[0] ?? "", args.slice(1)) : run("plan", args);
  const started = Date.now();
  // Exit code 1 means that the score is too low: the other part and the page are needed nevertheless.
  for (const part of parts) if ((await run(part, [])) > 1) return 1;
  const minutes = Math.round((Date.now() - started) / 60_000);
  const measured = `Measured on ${availableParallelism()} cores with Node ${process.versions.node}, in ${minutes} minutes.`;
  await writeFile(measuredFile, JSON.stringify(measured));
  return writePage();
}

/** @param {string} part @param {string[]} args */
async function run(part, args) {
  const stryker = join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  const config = join(home, `${part}.config.mjs`);
  return handOver(process.execPath, [stryker, "run", config, ...args], { cwd: root, env: await isolatedEnvironment() });
}

/** Writes the page from the results of the last complete run. */
async function writePage() {
  const reports = await Promise.all(parts.map((part) => readJson(join(root, folder, `${part}.json`))));
  const reasons = await readJson(join(home, "survivors.json"));
  const rows = scores(reports);
  const left = survivors(reports, reasons);
  const path = join(root, "docs", "mutation.md");
  const measured = await readJson(measuredFile);
  await writeFile(path, withResults(await readFile(path, "utf8"), { rows, left, measured }));

  for (const { area, score, survived } of rows) process.stdout.write(`${area}: ${score.toFixed(1)} %, ${survived} survived\n`);
  for (const { file, was, becomes } of left.filter(({ because }) => because === undefined)) {
    process.stdout.write(`no reason in scripts/mutation/survivors.json: ${file}: ${was} → ${becomes}\n`);
  }
  for (const { file, line } of idle(left, reasons)) {
    process.stdout.write(`no survivor needs this reason in scripts/mutation/survivors.json any more: ${file}: ${line}\n`);
  }
  return rows.length > 0 && rows.every(({ score }) => score >= lowest) ? 0 : 1;
}

/** @param {string} path */
async function readJson(path) {
  return JSON.parse(await readFile(path, "utf8"));
}
