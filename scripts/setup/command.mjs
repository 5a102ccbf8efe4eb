// @ts-check
import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { constants as os } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { SetupError } from "./setup-error.mjs";

const keptOutput = 20_000;

/** The process groups that `capture` has running. @type {Set<number>} */
export const runningGroups = new Set();

/**
 * @typedef {object} How
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMs]
 */

/**
 * Runs a command silently and returns its output; an error contains the end of it.
 * @param {string} command
 * @param {string[]} args
 * @param {How & { failure?: string }} [how] `failure`: what to tell the user when it fails
 * @returns {Promise<{ stdout: string }>}
 */
export function capture(command, args, { cwd, env, timeoutMs, failure = `'${command} ${args.join(" ")}' failed` } = {}) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that a timeout also ends what the command started (an installer's download, say).
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const stop = () => kill(child);
    process.once("exit", stop);
    if (child.pid !== undefined) runningGroups.add(child.pid);
    const timer = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs);
    let stdout = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      all = (all + text).slice(-keptOutput);
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      all = (all + text).slice(-keptOutput);
    });
    child.once("error", (cause) => reject(new SetupError(failure, { cause })));
    child.once("close", (code) => {
      clearTimeout(timer);
      process.removeListener("exit", stop);
      runningGroups.delete(child.pid ?? 0);
      if (code === 0) resolve({ stdout });
      else reject(new SetupError(failure, { output: all }));
    });
  });
}

/** @param {import("node:child_process").ChildProcess} child */
function kill(child) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}

/**
 * Runs a command with our own stdin, stdout and stderr, and passes signals on.
 * @param {string} command
 * @param {string[]} args
 * @param {How} [how]
 * @returns {Promise<number>} its exit code, the shell's way
 */
export function handOver(command, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: "inherit" });
    /** @type {NodeJS.Signals[]} */
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const listeners = signals.map((signal) => /** @type {const} */ ([signal, () => passOn(child, signal)]));
    for (const [signal, listener] of listeners) process.on(signal, listener);
    child.once("error", (cause) => reject(new SetupError(`cannot run '${command}'`, { cause })));
    child.once("close", (code, signal) => {
      for (const [name, listener] of listeners) process.removeListener(name, listener);
      resolve(code ?? 128 + (signal ? os.signals[signal] : 1));
    });
  });
}

/**
 * A terminal sends Ctrl-C to the whole group: passing it on as well would be a second one, which means 'at once' to many commands.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function passOn(child, signal) {
  if (signal === "SIGINT" && process.stdin.isTTY) return;
  child.kill(signal);
}

/**
 * Where a command is found, as a shell would find it.
 * @param {string} name
 * @param {{ path?: string, accept?: (directory: string) => boolean }} [where]
 * @returns {Promise<string | undefined>}
 */
export async function findOnPath(name, { path = process.env.PATH ?? "", accept = () => true } = {}) {
  for (const directory of path.split(delimiter)) {
    if (!isAbsolute(directory) || !accept(directory)) continue;
    const candidate = join(directory, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

/** @param {string} path */
export async function isExecutable(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
