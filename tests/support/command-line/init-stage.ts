import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { initCommand } from "../../../components/command-line/init-command";
import { pushImage, type Sandbox, startSandbox } from "../../../sandbox";
import { now, PackageWorld, shop } from "../engine/world";
import { captured } from "./captured";

const File = z.object({ config: z.record(z.string(), z.unknown()) });

/** A file as people leave them: comments, blank lines, quotes, and a policy of another package. */
export function writtenByHand({ githubApiUrl, registryUrl }: Sandbox): string {
  return `# Retention of our images.
encryptionsalt: v1:abc=:v1:def   # of the passphrase

config:
  aws:region:   eu-central-1  # three spaces
  "ghcr-retention:githubApiUrl": ${githubApiUrl}
  ghcr-retention:registryUrl: '${registryUrl}'
  ghcr-retention:policies:

    # Written by Ada, reviewed by Grace.
    - owner: logto-io
      package: legacy
      rules: [{ name: drop-pr, action: delete, tags: ["pr-*"], olderThan: 7d }]   # short
    # The end of the list.

# The end of the file.
`;
}

/** A sandbox with packages, and a folder with a stack's config file, for tests of `init`. */
export class InitStage {
  readonly sandbox: Sandbox;
  readonly folder = mkdtempSync(join(tmpdir(), "init-"));
  readonly file = join(this.folder, "Pulumi.dev.yaml");

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.reset();
  }

  static async open(): Promise<InitStage> {
    const stage = new InitStage(await startSandbox({ now }));
    await new PackageWorld(stage.sandbox, "logto-io/logto").deploy({ ...shop, odd: { days: 400, tags: ["ubuntu-22"] } });
    await new PackageWorld(stage.sandbox, "logto-io/team/web").deploy({ only: { days: 3, tags: ["latest"] } });
    await new PackageWorld(stage.sandbox, "logto-io/legacy").deploy({ only: { days: 3, tags: ["latest"] } });
    return stage;
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await this.sandbox.close();
  }

  /** Writes the file anew, as somebody left it by hand. */
  reset(): void {
    writeFileSync(this.file, writtenByHand(this.sandbox));
  }

  get text(): string {
    return readFileSync(this.file, "utf8");
  }

  get env(): { readonly GITHUB_TOKEN: string; readonly GHCR_RETENTION_CACHE: string } {
    return { GITHUB_TOKEN: this.sandbox.token, GHCR_RETENTION_CACHE: join(this.folder, "cache") };
  }

  init(...args: readonly string[]) {
    return captured(initCommand(), ["--owner", "logto-io", "--config-file", this.file, ...args], this.env);
  }

  /** Pushes an image whose manifest the registry does not give out. */
  async pushUnreadable(name: string): Promise<void> {
    const target = { registryUrl: this.sandbox.registryUrl, token: this.sandbox.token, repository: `logto-io/${name}` };
    const digest = await pushImage(target, { seed: name, tags: ["latest"] });
    this.sandbox.addFault({
      match: { surface: "registry", path: `/v2/logto-io/${name}/manifests/${digest}` },
      effect: { kind: "status", status: 404 },
      times: null,
    });
  }
}

/** Returns the config that a text of a config file holds, by key. */
export function configIn(text: string): Readonly<Record<string, unknown>> {
  return File.parse(parse(text)).config;
}
