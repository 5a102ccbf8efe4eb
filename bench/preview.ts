import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runScript } from "./node-process";
import type { PreviewRequest, PreviewResult } from "./preview-process";
import { countRequests, type RequestCounts, type SandboxProcess } from "./sandbox-process";

export const owner = "acme";

export interface Preview extends PreviewResult {
  readonly requests: RequestCounts;
}

/** Observes packages of the sandbox, each time in a fresh process like a run of Pulumi. */
export class Previews {
  private constructor(
    readonly sandbox: SandboxProcess,
    readonly cacheFolder: string,
  ) {}

  /** Starts with an empty cache. */
  static async coldIn(sandbox: SandboxProcess): Promise<Previews> {
    return new Previews(sandbox, await mkdtemp(join(tmpdir(), "ghcr-retention-bench-")));
  }

  async run(packages: readonly string[], nodeArguments: readonly string[] = []): Promise<Preview> {
    await this.sandbox.takeRequests();
    const request: PreviewRequest = { ...this.sandbox.addresses, cacheFolder: this.cacheFolder, owner, packages };
    const result = await runScript<PreviewResult>("preview-process.js", request, nodeArguments);
    return { ...result, requests: countRequests(await this.sandbox.takeRequests()) };
  }

  async remove(): Promise<void> {
    await rm(this.cacheFolder, { recursive: true, force: true });
  }
}
