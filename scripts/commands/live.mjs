// @ts-check
import { join } from "node:path";
import { handOver } from "../setup/command.mjs";
import { isolatedEnvironment } from "../setup/environment.mjs";
import { root } from "../setup/paths.mjs";

/** The caller's token is the one thing of the environment that a live run needs. @param {string[]} args */
export async function live(args) {
  const { GITHUB_TOKEN } = process.env;
  const env = { ...(await isolatedEnvironment()), ...(GITHUB_TOKEN === undefined ? {} : { GITHUB_TOKEN }) };
  return handOver(process.execPath, [join(root, "bin", "live", "main.js"), ...args], { cwd: root, env });
}
