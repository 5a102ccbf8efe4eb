import { setMaxListeners } from "node:events";
import type { ServerHttp2Stream } from "node:http2";
import { Server, Socket } from "node:net";
import { type StopCause, Stopped, type StopSignals } from "../model/stop";

/** The engine that a provider serves. */
export interface Engine {
  /** Watches it from now on. */
  watch(): void;
  /** Runs an apply, which ends early by these signals. */
  during<Result>(apply: (stop: StopSignals) => Promise<Result>): Promise<Result>;
}

/** How long a cancelled run may still verify what it changed, milliseconds. */
const verificationMilliseconds = 30_000;

/** The calls whose answer is recorded: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto */
const recorded: readonly unknown[] = ["Create", "Update"].map(pathOf);
const cancel = pathOf("Cancel");

/**
 * The engine that started this process, Pulumi's host of dynamic providers. The host answers the engine's `Cancel` without telling the
 * provider, so its connections are watched here.
 * https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/dynamic-provider/index.ts
 */
class ProcessEngine implements Engine {
  readonly #changes = new AbortController();
  readonly #verification = new AbortController();
  readonly #stop: StopSignals = { changes: this.#changes.signal, verification: this.#verification.signal };
  #isWatched = false;
  #isGone = false;
  #applies = 0;

  constructor() {
    // Each apply under way listens, and many run at a time.
    setMaxListeners(0, this.#stop.changes, this.#stop.verification);
  }

  watch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    this.#watchCalls();
    this.#watchInput();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) this.#watchSignal(signal);
  }

  async during<Result>(apply: (stop: StopSignals) => Promise<Result>): Promise<Result> {
    this.#applies += 1;
    try {
      return await apply(this.#stop);
    } finally {
      this.#applies -= 1;
      this.#leaveIfGone();
    }
  }

  #watchCalls(): void {
    for (const server of listeningServers()) {
      server.on("stream", (stream: ServerHttp2Stream, { ":path": path }) => {
        if (path === cancel) this.#stopFor({ kind: "cancelled" });
        if (recorded.includes(path)) stream.once("aborted", () => this.#gone());
      });
    }
  }

  /**
   * The engine holds the other end of the pipe for as long as it lives, however it dies. Other hosts may give no pipe.
   *
   * `fstatSync` would tell a pipe too, but after it `require` of Node.js 20 and 22 does not follow the symbolic links that pnpm makes:
   * https://github.com/nodejs/node/issues/51142
   */
  #watchInput(): void {
    const { stdin } = process;
    if (!(stdin instanceof Socket) || stdin.isTTY) return;
    stdin.once("end", () => this.#gone()).once("error", () => this.#gone());
    stdin.resume();
  }

  /** The engine ends its providers with SIGINT, once it needs no answer any more. */
  #watchSignal(signal: NodeJS.Signals): void {
    const receive = () => {
      if (this.#applies > 0) {
        this.#stopFor({ kind: "signal", signal });
        return;
      }
      process.off(signal, receive);
      process.kill(process.pid, signal);
    };
    process.on(signal, receive);
  }

  #stopFor(cause: StopCause): void {
    const reason = new Stopped(cause);
    this.#changes.abort(reason);
    setTimeout(() => this.#verification.abort(reason), verificationMilliseconds).unref();
  }

  /** Nobody receives an answer any more: the next run finds on GitHub's list what this one did. */
  #gone(): void {
    const reason = new Stopped({ kind: "engine gone" });
    this.#changes.abort(reason);
    this.#verification.abort(reason);
    this.#isGone = true;
    this.#leaveIfGone();
  }

  #leaveIfGone(): void {
    if (this.#isGone && this.#applies === 0) process.exit();
  }
}

export const engine: Engine = new ProcessEngine();

function pathOf(method: string): string {
  return `/pulumirpc.ResourceProvider/${method}`;
}

/** The servers of this process. Node lists them under no public name; without it, only the pipe and the signals are watched. */
function listeningServers(): Server[] {
  const { _getActiveHandles: handles } = process as { readonly _getActiveHandles?: () => readonly unknown[] };
  return (handles?.call(process) ?? []).filter((handle) => handle instanceof Server);
}
