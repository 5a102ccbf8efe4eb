// @ts-check
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { root, tools } from "./paths.mjs";

/** @typedef {import("./engine-choice.mjs").Engine} Engine */

const record = join(tools, "engine.json");

/** Returns the engine that the last set-up chose. @returns {Promise<Engine | undefined>} */
export async function chosenEngine() {
  try {
    /** @type {Engine} */
    const engine = JSON.parse(await readFile(record, "utf8"));
    return { ...engine, pulumi: resolve(root, engine.pulumi) };
  } catch {
    return undefined;
  }
}

/** Records the choice, by a path relative to the repository where the engine lies inside: a copy of the tree has an engine of its own. @param {Engine} engine */
export async function recordEngine(engine) {
  const inside = relative(root, engine.pulumi);
  const pulumi = inside.startsWith("..") ? engine.pulumi : inside;
  const text = `${JSON.stringify({ ...engine, pulumi }, undefined, 2)}\n`;
  if ((await readFile(record, "utf8").catch(() => "")) === text) return;
  await mkdir(tools, { recursive: true });
  await writeFile(`${record}.${process.pid}`, text);
  await rename(`${record}.${process.pid}`, record);
}
