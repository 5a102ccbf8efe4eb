import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "./wait-for";

/**
 * Tells when the provider's process of a run has loaded this library. Before, it holds the SDK's code only, and stays where the engine is
 * killed: that is Pulumi's, and true of every dynamic provider.
 */
export class ProviderMark {
  readonly #file = join(tmpdir(), `provider-loaded-${randomUUID()}`);
  readonly env: Readonly<Record<string, string>>;

  constructor() {
    const preload = `--require ${join(__dirname, "mark-provider.cjs")}`;
    this.env = { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${preload}`, PROVIDER_MARK: this.#file };
  }

  /** Forgets earlier runs. */
  clear(): void {
    rmSync(this.#file, { force: true });
  }

  loaded(): Promise<void> {
    return waitFor("the provider's process", 90, () => existsSync(this.#file));
  }
}
