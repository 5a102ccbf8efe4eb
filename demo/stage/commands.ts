import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";

/** What a command did: its exit code and all that it printed. */
export interface Ran {
  readonly command: string;
  readonly code: number;
  readonly output: string;
}

const patienceMs = 8_000;

/** Runs commands on the stage, one process group each, and leaves none of them behind. */
export class Commands {
  readonly #running = new Map<ChildProcess, Promise<unknown>>();
  #stopped = false;

  constructor(
    readonly cwd: string,
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Never fails because the command does: its exit code is for the caller to judge. */
  run(name: string, args: readonly string[], input = ""): Promise<Ran> {
    const command = commandLine(name, args);
    if (this.#stopped) return Promise.reject(new Error(`interrupted before '${command}'`));
    // A group of its own: a terminal's Ctrl-C reaches the demo alone, and the demo ends its commands in their order.
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
    const settled = closed.catch(() => {}).finally(() => this.#running.delete(child));
    this.#running.set(child, settled);
    return closed;
  }

  /** Interrupts what runs and waits for it; what does not end is killed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const settled = Promise.all(this.#running.values());
    this.#signal("SIGINT");
    await Promise.race([settled, wait(patienceMs, undefined, { ref: false })]);
    this.kill();
    await settled;
  }

  /** At once: for when the demo itself ends without warning. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  /** To the groups, as a terminal does. */
  #signal(signal: NodeJS.Signals): void {
    for (const { pid } of this.#running.keys()) {
      try {
        if (pid !== undefined) process.kill(-pid, signal);
      } catch {
        // It ended by itself in the meantime.
      }
    }
  }
}

/** As a shell takes it. */
export function commandLine(name: string, args: readonly string[]): string {
  return [name, ...args].map(quoted).join(" ");
}

export function quoted(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
