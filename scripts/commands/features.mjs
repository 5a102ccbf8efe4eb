// @ts-check
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isolatedEnvironment } from "../setup/environment.mjs";
import { root } from "../setup/paths.mjs";
import { say } from "../setup/progress.mjs";

/** Uses each feature of the engine, and writes the table of docs/engine.md from what came of it. */
export async function features() {
  Object.assign(process.env, await isolatedEnvironment());
  const require = createRequire(import.meta.url);
  require("../testing/load-typescript.cjs");
  const folder = join(root, "tests", "support", "features");
  const { features } = require(join(folder, "features.ts"));
  const { lineOf, play, withTable } = require(join(folder, "table.ts"));
  const rows = [];
  for (const feature of features) {
    const row = await play(feature);
    say(lineOf(row));
    rows.push(row);
  }
  const page = join(root, "docs", "engine.md");
  await writeFile(page, withTable(await readFile(page, "utf8"), rows));
  return 0;
}
