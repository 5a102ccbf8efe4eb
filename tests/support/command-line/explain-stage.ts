import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { explainCommand } from "../../../components/command-line/explain-command";
import { type PushedImage, pushImage, pushMultiArchImage, type Sandbox, startSandbox } from "../../../sandbox";
import { dropPullRequests, dropUntagged, keepReleases } from "../builders/policy";
import { type Captured, captured } from "./captured";

export const policy = {
  owner: "logto-io",
  package: "logto",
  rules: [dropPullRequests, dropUntagged, keepReleases],
  limits: { percent: 60 },
};

/** A package with an image that stays, one that goes by its tag, and one that goes since it has none. */
export class ExplainStage {
  readonly folder = mkdtempSync(join(tmpdir(), "explain-"));

  private constructor(
    readonly sandbox: Sandbox,
    readonly prod: PushedImage,
    readonly pr: PushedImage,
    readonly lone: string,
  ) {}

  static async open(): Promise<ExplainStage> {
    const sandbox = await startSandbox({ now: "2026-10-01T00:00:00Z" });
    const target = { registryUrl: sandbox.registryUrl, token: sandbox.token, repository: "logto-io/logto" };
    const prod = await pushMultiArchImage(target, { seed: "prod", tags: ["prod", "v1.4.2"] });
    const pr = await pushMultiArchImage(target, { seed: "pr", tags: ["pr-1"] });
    const lone = await pushImage(target, { seed: "lone" });
    sandbox.setClock("2026-11-23T05:00:00Z");
    return new ExplainStage(sandbox, prod, pr, lone);
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await this.sandbox.close();
  }

  /** Writes a stack's config, with a change, and returns its path. */
  configFile(change: object = {}, name = "Pulumi.dev.yaml"): string {
    const { githubApiUrl, registryUrl } = this.sandbox;
    const servers = { "ghcr-retention:githubApiUrl": githubApiUrl, "ghcr-retention:registryUrl": registryUrl };
    const path = join(this.folder, name);
    writeFileSync(path, stringify({ config: { ...servers, "ghcr-retention:policies": [policy], ...change } }));
    return path;
  }

  /** What the command prints of a version, with the stack's config as it is. */
  explained(name: string, reference: string, ...more: readonly string[]): Promise<string> {
    return this.printed(name, reference, "--config-file", this.configFile(), ...more);
  }

  async printed(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#run(args);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  async refuses(error: RegExp, args: readonly string[], token?: { readonly GITHUB_TOKEN: string | undefined }): Promise<void> {
    const { code, failure } = await this.#run(args, token);
    assert.equal(code, 1);
    assert.match(failure, error);
  }

  get env(): { readonly GITHUB_TOKEN: string; readonly GHCR_RETENTION_CACHE: string } {
    return { GITHUB_TOKEN: this.sandbox.token, GHCR_RETENTION_CACHE: join(this.folder, "cache") };
  }

  #run(args: readonly string[], token: { readonly GITHUB_TOKEN: string | undefined } = this.env): Promise<Captured> {
    return captured(explainCommand(), args, { ...this.env, ...token });
  }
}
