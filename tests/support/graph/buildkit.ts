import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Context } from "mocha";
import { toolOrSkip } from "../tools";
import type { Client, Workbench } from "./workbench";

/** A BuildKit daemon, and a buildx that builds on it. */
export class BuildKit {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "buildkit-"));
  readonly #daemon: ChildProcess;

  private constructor(
    readonly buildx: Client,
    { daemon, runc }: { readonly daemon: string; readonly runc: string },
  ) {
    const args = {
      root: `${this.#folder}/root`,
      addr: this.#address,
      "oci-worker-binary": runc,
      "oci-worker-snapshotter": "native",
      "oci-worker-gc": false,
      "containerd-worker": false,
    };
    const flags = Object.entries(args).map(([name, value]) => `--${name}=${value}`);
    this.#daemon = spawn(daemon, flags, { stdio: ["ignore", "ignore", "pipe"] });
  }

  /** Skips the test where the tools, or the right to run containers, are missing. */
  static async start(test: Context, bench: Workbench): Promise<BuildKit> {
    const buildx = bench.client(test, "buildx");
    const [daemon, runc] = [toolOrSkip(test, "buildkitd"), toolOrSkip(test, "runc")];
    if (process.platform !== "linux" || process.getuid?.() !== 0) test.skip();
    const started = new BuildKit(buildx, { daemon, runc });
    await started.#untilReady();
    await buildx("create", "--name", "sandbox", "--driver", "remote", started.#address, "--use");
    return started;
  }

  get #address(): string {
    return `unix://${this.#folder}/buildkitd.sock`;
  }

  async #untilReady(): Promise<void> {
    let said = "";
    await new Promise<void>((resolve, reject) => {
      this.#daemon.stderr?.on("data", (part: Buffer) => {
        said += part.toString();
        if (said.includes("running server")) resolve();
      });
      this.#daemon.once("exit", () => reject(new Error(`buildkitd ended:\n${said}`)));
    });
  }

  async stop(): Promise<void> {
    if (this.#daemon.exitCode === null) {
      const ended = once(this.#daemon, "exit");
      this.#daemon.kill("SIGTERM");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
