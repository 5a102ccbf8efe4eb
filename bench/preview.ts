import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PreviewRequest, PreviewResult } from "./preview-process";
import { type Counted, count, type SandboxProcess } from "./sandbox-process";

export const owner = "acme";

export interface Preview extends PreviewResult {
  readonly requests: Counted;
}

/** Looks at packages of the sandbox in a fresh process each time, as each run of Pulumi does. */
export class Previews {
  private constructor(
    readonly sandbox: SandboxProcess,
    readonly cacheFolder: string,
  ) {}

  /** Begins with an empty cache. */
  static async coldIn(sandbox: SandboxProcess): Promise<Previews> {
    return new Previews(sandbox, await mkdtemp(join(tmpdir(), "ghcr-retention-bench-")));
  }

  async run(packages: readonly string[], nodeArguments: readonly string[] = []): Promise<Preview> {
    await this.sandbox.takeRequests();
    const request: PreviewRequest = { ...this.sandbox.addresses, cacheFolder: this.cacheFolder, owner, packages };
    const text = await output([...nodeArguments, join(__dirname, "preview-process.js"), JSON.stringify(request)]);
    return { ...(JSON.parse(text) as PreviewResult), requests: count(await this.sandbox.takeRequests()) };
  }

  async remove(): Promise<void> {
    await rm(this.cacheFolder, { recursive: true, force: true });
  }
}

/** What a Node process prints. */
export function output(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(text) : reject(new Error(`a measured process ended with ${code}`))));
  });
}
