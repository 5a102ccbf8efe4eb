// @ts-check
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { capture, isExecutable } from "./command.mjs";
import { versionOf } from "./engine-on-path.mjs";
import { pinnedVersion } from "./engine-pin.mjs";
import { pulumiHome, root, tools } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

// A closed network refuses at once; a network that drops packets must not block the set-up for long.
const defaultTimeoutMs = 180_000;

/** The official build. Npm's `pulumi` package downloads it, of whatever release: not every one has a package of its number. */
export const officialEngine = officialEngineFrom(join(root, "node_modules", "pulumi"), pinnedVersion, {
  home: pulumiHome,
  download: join(tools, "download"),
});

/**
 * @param {string} wrapper the folder of npm's `pulumi` package
 * @param {() => Promise<string>} wantedVersion
 * @param {{ home: string, download: string, timeoutMs?: number }} where `download` holds the bundle until it is complete
 * @returns {Required<import("./engine-choice.mjs").Source>}
 */
export function officialEngineFrom(wrapper, wantedVersion, { home, download, timeoutMs = defaultTimeoutMs }) {
  /** @returns {Promise<import("./engine-choice.mjs").Engine | undefined>} */
  async function find() {
    const version = await wantedVersion();
    const pulumi = join(home, "versions", version, "bin", "pulumi");
    return (await isComplete(pulumi)) ? { pulumi, kind: "official", version } : undefined;
  }

  /** @param {(what: string) => void} doing @returns {Promise<import("./engine-choice.mjs").Engine>} */
  async function make(doing) {
    const version = await wantedVersion();
    doing(`downloading the official Pulumi CLI v${version}`);
    try {
      await rm(download, { recursive: true, force: true });
      await runWrapper(version);
      return { pulumi: await adopt(join(download, "versions", version), version), kind: "official", version };
    } finally {
      await rm(download, { recursive: true, force: true });
    }
  }

  /** @param {string} version */
  async function runWrapper(version) {
    const env = { ...process.env, PULUMI_HOME: download, PULUMI_VERSION: version, PULUMI_SKIP_UPDATE_CHECK: "true" };
    try {
      await capture(process.execPath, [join(wrapper, "run.js"), "version"], { env, timeoutMs });
    } catch (error) {
      const output = error instanceof SetupError ? error.output : "";
      const reason = /^pulumi: (.*)$/m.exec(output)?.[1] ?? output.split("\n").at(-1);
      throw new SetupError(`the official download was refused (${reason || "no answer in time"})`, { cause: error });
    }
  }

  /** Moves the bundle to its final folder if it is complete and runs. @param {string} bundle @param {string} version */
  async function adopt(bundle, version) {
    const unfinished = join(bundle, "bin", "pulumi");
    if (!(await isComplete(unfinished))) throw new SetupError("the official download is not complete");
    if ((await versionOf(unfinished)) !== version) throw new SetupError("the official download does not run here");
    const target = join(home, "versions", version);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(bundle, target);
    return join(target, "bin", "pulumi");
  }

  return { find, make };
}

/** @param {string} pulumi */
async function isComplete(pulumi) {
  return (await isExecutable(pulumi)) && (await isExecutable(join(dirname(pulumi), "pulumi-language-nodejs")));
}
