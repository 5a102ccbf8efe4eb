// @ts-check
import { join } from "node:path";
import { handOver } from "../setup/command.mjs";
import { isolatedEnvironment } from "../setup/environment.mjs";
import { root } from "../setup/paths.mjs";

/** @param {string[]} args */
export async function bench(args) {
  return handOver(process.execPath, [join(root, "bin", "bench", "main.js"), ...args], { cwd: root, env: await isolatedEnvironment() });
}
