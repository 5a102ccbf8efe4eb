import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";

/** The repository, whose program is run: this package knows itself by name, compiled or not. */
const repository = dirname(require.resolve("ghcr-retention/package.json"));
const stack = "live";
/** The longest that a command of the engine may take. */
const maxMinutes = 10;

export interface Surroundings {
  /** With the engine on its PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** Interrupts the engine when it is aborted. */
  readonly signal: AbortSignal;
}

/** How long the engine has to end after a signal. */
const secondsToStop = 15;

/** A stack of its own, with the real engine: config, state and cache are in a temporary folder. */
export class EngineStack {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #signal: AbortSignal;
  /** The last command, once it has ended. */
  #ended: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, token: string, { signal, env }: Surroundings) {
    this.#folder = folder;
    this.#signal = signal;
    this.#env = {
      ...env,
      GITHUB_TOKEN: token,
      GHCR_RETENTION_CACHE: join(folder, "cache"),
      NO_COLOR: "1",
      PULUMI_BACKEND_URL: String(pathToFileURL(join(folder, "state"))),
      // The state holds no secret: the token comes from the environment.
      PULUMI_CONFIG_PASSPHRASE: "live",
    };
  }

  static async create(config: Readonly<Record<string, unknown>>, token: string, surroundings: Surroundings): Promise<EngineStack> {
    const folder = await mkdtemp(join(tmpdir(), "ghcr-retention-live-"));
    const created = new EngineStack(folder, token, surroundings);
    try {
      await mkdir(join(folder, "state"));
      // `stack init` writes the stack's config beside Pulumi.yaml, so it runs on a copy.
      await copyFile(join(repository, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
      await created.#run(["stack", "init", stack, "--secrets-provider", "passphrase"], folder);
      await writeFile(created.#configFile, `${await readFile(created.#configFile, "utf8")}${stringify({ config })}`);
      return created;
    } catch (error) {
      await created.remove();
      throw error;
    }
  }

  get #configFile(): string {
    return join(this.#folder, `Pulumi.${stack}.yaml`);
  }

  /** Runs a command of the engine on the stack, in the repository; returns its stdout. Throws where it fails. */
  run(command: string, ...args: string[]): Promise<string> {
    return this.#run([command, ...args, "--stack", stack, "--config-file", this.#configFile], repository);
  }

  /** Waits for the engine to end, and removes what it wrote. */
  async remove(): Promise<void> {
    await this.#ended;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #run(args: readonly string[], cwd: string): Promise<string> {
    this.#signal.throwIfAborted();
    // In a group of its own, so that Ctrl-C in a terminal reaches it once, from here.
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd, env: this.#env, detached: true });
    const stop = () => {
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGKILL"), secondsToStop * 1_000).unref();
    };
    const timer = setTimeout(stop, maxMinutes * 60_000);
    this.#signal.addEventListener("abort", stop, { once: true });
    try {
      const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
      this.#ended = ended.catch(() => undefined);
      const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
      if (code === 0) return stdout;
      throw new Error(`\`pulumi ${args[0]}\` ended with ${code}: ${firstError(`${stderr}\n${stdout}`)}`);
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener("abort", stop);
    }
  }
}

function firstError(output: string): string {
  return /error: (.+)/.exec(output)?.[1] ?? "without a reason";
}
