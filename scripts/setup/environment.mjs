// @ts-check
import { mkdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chosenEngine } from "./engine-record.mjs";
import { pulumiHome, tools, toolsBin } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * Returns the environment in which `pulumi` is the engine chosen by the set-up, and the clients are on PATH.
 * Plug-ins and state of an engine that the set-up installed stay inside the repository, unless the user's settings name another
 * place. The commands have the same: components/command-line/engine.ts.
 * @param {NodeJS.ProcessEnv} [from]
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function engineEnvironment(from = process.env) {
  const engine = await chosenEngine();
  if (!engine) throw new SetupError("the engine is not set up yet: run 'npm run setup'");
  const places = await ownPlaces();
  return {
    // The user's own engine keeps its account.
    ...(engine.kind === "path" ? {} : places),
    ...from,
    // First on PATH, since `npm run` prepends a folder with npm's wrapper of the same name.
    PATH: [dirname(engine.pulumi), toolsBin, from.PATH].filter(Boolean).join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

async function ownPlaces() {
  const state = join(tools, "pulumi-state");
  await mkdir(state, { recursive: true });
  return { PULUMI_HOME: pulumiHome, PULUMI_BACKEND_URL: String(pathToFileURL(state)) };
}

// A public passphrase, so only for stacks with secrets of a sandbox.
const passphrase = "sandbox";

/**
 * Returns the environment for demo and tests, without the caller's Pulumi account and GitHub token.
 * @param {NodeJS.ProcessEnv} [from]
 */
export async function isolatedEnvironment(from = process.env) {
  const kept = Object.entries(from).filter(([name]) => !/^(PULUMI_|GITHUB_TOKEN$|GH_TOKEN$)/.test(name));
  return {
    ...(await engineEnvironment({ ...Object.fromEntries(kept), ...(await ownPlaces()), PULUMI_CONFIG_PASSPHRASE: passphrase })),
    // Everything they use is local: a missing plug-in must fail at once instead of being downloaded.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    GHCR_RETENTION_CACHE: join(tools, "package-cache"),
  };
}
