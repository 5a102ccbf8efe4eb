import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateCommand } from "../../../components/command-line/migrate-command";
import { buildIndex, descriptorOf, pushContent, type Sandbox, startSandbox } from "../../../sandbox";
import { now, PackageWorld, shop } from "../engine/world";
import { type Captured, captured } from "./captured";

/** A sandbox with packages, and a folder with a stack's config file, for tests of `migrate`. */
export class MigrateStage {
  readonly folder = mkdtempSync(join(tmpdir(), "migrate-"));
  readonly stackFile = join(this.folder, "Pulumi.dev.yaml");

  private constructor(
    readonly sandbox: Sandbox,
    readonly world: PackageWorld,
  ) {
    this.reset();
  }

  static async open(): Promise<MigrateStage> {
    const sandbox = await startSandbox({ now });
    const world = await new PackageWorld(sandbox, "logto-io/logto").deploy(shop);
    await new PackageWorld(sandbox, "logto-io/web-app").deploy({ only: { days: 90, tags: ["pr-1"] } });
    // An index inside an index, a year old.
    sandbox.setClock("2025-11-23T12:00:00Z");
    const nested = new PackageWorld(sandbox, "logto-io/nested");
    await nested.deploy({ inner: { days: 1, tags: ["inner"] } });
    const inner = nested.image("inner").built.index;
    await pushContent(nested.target, buildIndex([descriptorOf(inner)], {}), ["stable"]);
    await nested.deploy({ other: { days: 0, tags: ["inner"] } });
    sandbox.setClock(now);
    return new MigrateStage(sandbox, world);
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await this.sandbox.close();
  }

  /** Writes the stack's config file anew. */
  reset(): void {
    const { githubApiUrl, registryUrl } = this.sandbox;
    writeFileSync(
      this.stackFile,
      `config:\n  ghcr-retention:githubApiUrl: ${githubApiUrl}\n  ghcr-retention:registryUrl: ${registryUrl}\n`,
    );
  }

  migrate(text: string, ...args: readonly string[]): Promise<Captured> {
    return this.run(text, { GITHUB_TOKEN: this.sandbox.token }, ...args);
  }

  run(text: string, env: Record<string, string | undefined>, ...args: readonly string[]): Promise<Captured> {
    const file = join(this.folder, "clean.yml");
    writeFileSync(file, text);
    const cache = { GHCR_RETENTION_CACHE: join(this.folder, "cache") };
    return captured(migrateCommand(), [file, "--config-file", this.stackFile, ...args], { ...cache, ...env });
  }
}
