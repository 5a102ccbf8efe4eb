// @ts-check
import { capture, findOnPath } from "./command.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * Runs the Go command with its default caches.
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, failure: string }} how
 */
export async function go(args, { cwd, env = {}, failure }) {
  // Go embeds the VCS state of the main package, which fails in some checkouts and is not needed here.
  return capture("go", args, { cwd, env: { ...process.env, GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off", ...env }, failure });
}

/**
 * @param {string} directory the module to build, whose go.mod names the required Go version
 * @returns {Promise<string | undefined>} what is wrong
 */
export async function goProblem(directory) {
  if (!(await findOnPath("go"))) return "Go is not installed (https://go.dev/dl/)";
  try {
    await go(["version"], { cwd: directory, failure: "Go does not run" });
    return undefined;
  } catch (error) {
    // An older Go downloads the version that go.mod requires, unless GOTOOLCHAIN forbids it.
    const output = error instanceof SetupError ? error.output : String(error);
    return `Go is too old: ${output.split("\n").at(-1)} (https://go.dev/dl/)`;
  }
}
