// @ts-check
import { mkdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chosenEngine } from "./engine-choice.mjs";
import { pulumiHome, tools, toolsBin } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * The environment in which `pulumi` is the engine that the set-up chose, and the clients are on PATH.
 * Plug-ins and state stay inside the repository unless the user's own settings say otherwise.
 * @param {NodeJS.ProcessEnv} [from]
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function engineEnvironment(from = process.env) {
  const engine = await chosenEngine();
  if (!engine) throw new SetupError("the engine is not set up yet: run 'npm run setup'");
  const state = join(tools, "pulumi-state");
  await mkdir(state, { recursive: true });
  return {
    PULUMI_HOME: pulumiHome,
    PULUMI_BACKEND_URL: String(pathToFileURL(state)),
    ...from,
    // First, since `npm run` puts npm's wrapper of the same name in front.
    PATH: [dirname(engine.pulumi), toolsBin, from.PATH].filter(Boolean).join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

// A well-known passphrase, so only for stacks whose secrets belong to a sandbox.
const passphrase = "sandbox";

/**
 * The same, for demo and tests: nothing of the caller's reaches them, neither a Pulumi account nor a GitHub token.
 * @param {NodeJS.ProcessEnv} [from]
 */
export async function isolatedEnvironment(from = process.env) {
  const kept = Object.entries(from).filter(([name]) => !/^(PULUMI_|GITHUB_TOKEN$|GH_TOKEN$)/.test(name));
  return {
    ...(await engineEnvironment({ ...Object.fromEntries(kept), PULUMI_CONFIG_PASSPHRASE: passphrase })),
    // Everything they use is here: what is not must fail at once instead of being looked for on the internet.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    GHCR_RETENTION_CACHE: join(tools, "package-cache"),
  };
}
