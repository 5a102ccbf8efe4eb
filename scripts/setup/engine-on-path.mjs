// @ts-check
import { readFile, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { capture, findOnPath, isExecutable } from "./command.mjs";
import { pulumiHome, root } from "./paths.mjs";
import { say } from "./progress.mjs";
import { isAtLeast } from "./version.mjs";

/** The user's own Pulumi, if it is at least as new as the program's SDK. @type {import("./engine-choice.mjs").Source} */
export const engineOnPath = { find: () => findEngineOnPath(process.env.PATH ?? "") };

/**
 * @param {string} path
 * @param {{ minimum?: string, tell?: (line: string) => void }} [how] `tell` receives the reason for rejecting one
 * @returns {Promise<import("./engine-choice.mjs").Engine | undefined>}
 */
export async function findEngineOnPath(path, { minimum, tell = say } = {}) {
  const pulumi = await findOnPath("pulumi", { path, accept: (directory) => !isOurs(directory) });
  if (!pulumi || isNpmWrapper(await realpath(pulumi))) return undefined;

  const version = await versionOf(pulumi);
  const oldest = minimum ?? (await sdkVersion());
  const passedOver = (/** @type {string} */ why) => {
    tell(`engine: ${pulumi} is passed over: ${why}`);
    return undefined;
  };
  if (!version) return passedOver("'pulumi version' does not say which one it is");
  if (!isAtLeast(version, oldest)) return passedOver(`it is v${version}, older than the SDK (v${oldest})`);
  if (!(await hasLanguageHost(pulumi, path))) return passedOver("pulumi-language-nodejs is neither beside it nor on PATH");
  return { pulumi, kind: "path", version };
}

/** Excludes node_modules/.bin, in which `npm run` has npm's wrapper, and .tools, which may be on the PATH of a second run. @param {string} directory */
function isOurs(directory) {
  return directory.startsWith(root) || directory.endsWith(join("node_modules", ".bin"));
}

/** Detects npm's wrapper: running it for its version would start a download into the user's home. @param {string} target */
function isNpmWrapper(target) {
  return target.includes(`${sep}node_modules${sep}`);
}

/** @param {string} pulumi @param {string} path */
async function hasLanguageHost(pulumi, path) {
  const beside = [dirname(pulumi), dirname(await realpath(pulumi))].map((directory) => join(directory, "pulumi-language-nodejs"));
  if ((await Promise.all(beside.map(isExecutable))).includes(true)) return true;
  return (await findOnPath("pulumi-language-nodejs", { path, accept: (directory) => !isOurs(directory) })) !== undefined;
}

/**
 * @param {string} pulumi
 * @returns {Promise<string | undefined>}
 */
export async function versionOf(pulumi) {
  try {
    const env = { ...process.env, PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { stdout } = await capture(pulumi, ["version"], { env, timeoutMs: 20_000 });
    return /^v(\d+\.\d+\.\d+\S*)\s*$/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

async function sdkVersion() {
  const manifest = await readFile(join(root, "node_modules", "@pulumi", "pulumi", "package.json"), "utf8");
  return /** @type {string} */ (JSON.parse(manifest).version);
}
