// @ts-check
import { capture, findOnPath } from "./command.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * Runs the Go command, with its usual caches.
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, failure: string }} how
 */
export async function go(args, { cwd, env = {}, failure }) {
  // Go reads vcs state of the main package's repository into the binary, which fails in some checkouts and is of no use here.
  return capture("go", args, { cwd, env: { ...process.env, GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off", ...env }, failure });
}

/**
 * @param {string} directory the module to be built, whose go.mod says which Go it needs
 * @returns {Promise<string | undefined>} what is wrong
 */
export async function goProblem(directory) {
  if (!(await findOnPath("go"))) return "Go is not installed (https://go.dev/dl/)";
  try {
    await go(["version"], { cwd: directory, failure: "Go does not run" });
    return undefined;
  } catch (error) {
    // An older Go fetches the one that go.mod asks for, unless GOTOOLCHAIN forbids it.
    const output = error instanceof SetupError ? error.output : String(error);
    return `Go is too old: ${output.split("\n").at(-1)} (https://go.dev/dl/)`;
  }
}
