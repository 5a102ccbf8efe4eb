// @ts-check
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { capture, findOnPath } from "./command.mjs";
import { root } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

/** @typedef {Record<string, { version?: string, optional?: boolean, link?: boolean }>} LockedPackages */

/** node_modules/, exactly as package-lock.json says. @type {import("./progress.mjs").Step} */
export const dependencies = {
  name: "dependencies",
  async ready() {
    const [locked, installed] = await Promise.all([
      lockedPackages(join(root, "package-lock.json")),
      lockedPackages(join(root, "node_modules", ".package-lock.json")),
    ]);
    if (!locked) throw new SetupError("package-lock.json is missing or damaged: restore it with 'git checkout package-lock.json'");
    return installed && isInstalled(locked, installed) ? "ready" : undefined;
  },
  async make(doing) {
    if (!(await findOnPath("npm"))) {
      throw new SetupError("npm was not found on PATH. It comes with Node: https://nodejs.org/en/download");
    }
    doing("installing from package-lock.json");
    await capture("npm", ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"], {
      cwd: root,
      failure: "'npm ci' failed: npm's own message is above",
    });
    return "installed";
  },
};

/**
 * npm writes the second of these files last of all, so an interrupted install is seen as none.
 * @param {string} path
 * @returns {Promise<LockedPackages | undefined>}
 */
async function lockedPackages(path) {
  try {
    return JSON.parse(await readFile(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * @param {LockedPackages} locked
 * @param {LockedPackages} installed
 */
export function isInstalled(locked, installed) {
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === "" || wanted.link) return true;
    const found = installed[path];
    // Optional packages are the binaries of other platforms.
    return found ? found.version === wanted.version : wanted.optional === true;
  });
}
