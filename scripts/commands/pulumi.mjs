// @ts-check
import { handOver } from "../setup/command.mjs";
import { chosenEngine } from "../setup/engine-record.mjs";
import { engineEnvironment } from "../setup/environment.mjs";

/** Runs the chosen engine with the user's own settings, to continue by hand after the demo. @param {string[]} args */
export async function pulumi(args) {
  const engine = await chosenEngine();
  return handOver(engine?.pulumi ?? "pulumi", args, { env: await engineEnvironment() });
}
