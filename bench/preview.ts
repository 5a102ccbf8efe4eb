import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runScript } from "./node-process";
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
    const result = await runScript<PreviewResult>("preview-process.js", request, nodeArguments);
    return { ...result, requests: count(await this.sandbox.takeRequests()) };
  }

  async remove(): Promise<void> {
    await rm(this.cacheFolder, { recursive: true, force: true });
  }
}
