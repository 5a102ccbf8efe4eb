// @ts-check
import { join } from "node:path";
import { handOver } from "../setup/command.mjs";
import { root } from "../setup/paths.mjs";

/** @param {string[]} args */
export function sandbox(args) {
  return handOver(process.execPath, [join(root, "bin", "sandbox", "main.js"), ...args]);
}
