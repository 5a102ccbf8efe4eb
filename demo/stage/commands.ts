import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";

/** A finished command: its exit code and its whole output. */
export interface Ran {
  readonly command: string;
  readonly code: number;
  readonly output: string;
}

const graceMs = 8_000;

/** Runs commands in the stage's folder, each in its own process group, and leaves none running. */
export class Commands {
  readonly #running = new Map<ChildProcess, Promise<unknown>>();
  #stopped = false;

  constructor(
    readonly cwd: string,
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Runs a command; a failing command does not reject, its exit code is in the result. */
  run(name: string, args: readonly string[], input = ""): Promise<Ran> {
    const command = commandLine(name, args);
    if (this.#stopped) return Promise.reject(new Error(`interrupted before '${command}'`));
    // In a separate group, a terminal's Ctrl-C reaches only the demo, which then stops its commands in order.
    const child = spawn(name, args, { cwd: this.cwd, env: this.env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.stdin.on("error", () => {}).end(input);
    const closed = new Promise<Ran>((resolve, reject) => {
      child.once("error", (cause) => reject(new Error(`cannot run '${name}': ${cause.message}`, { cause })));
      child.once("close", (code) => resolve({ command, code: code ?? 1, output }));
    });
    const ended = closed.catch(() => {}).finally(() => this.#running.delete(child));
    this.#running.set(child, ended);
    return closed;
  }

  /** Interrupts the running commands and waits for them; kills those that do not end in time. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const ended = Promise.all(this.#running.values());
    this.#signal("SIGINT");
    await Promise.race([ended, wait(graceMs, undefined, { ref: false })]);
    this.kill();
    await ended;
  }

  /** Kills all commands, for when the demo itself ends without warning. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  /** Signals the process groups, as a terminal does. */
  #signal(signal: NodeJS.Signals): void {
    for (const { pid } of this.#running.keys()) {
      try {
        if (pid !== undefined) process.kill(-pid, signal);
      } catch {
        // The process has ended in the meantime.
      }
    }
  }
}

/** Returns the command as a line for a shell. */
export function commandLine(name: string, args: readonly string[]): string {
  return [name, ...args].map(quoted).join(" ");
}

export function quoted(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
