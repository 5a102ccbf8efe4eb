import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { reviewCommand } from "../../../components/command-line/review-command";
import { pushMultiArchImage, type Sandbox, startSandbox } from "../../../sandbox";
import { dropPullRequests, keepReleases } from "../builders/policy";
import { type Captured, captured } from "./captured";
import { emptyRecord, type StandInEngine, standInEngine, within } from "./stand-in-engine";

export const policy = { owner: "logto-io", package: "logto", rules: [dropPullRequests, keepReleases] };

/** A package with an image that stays and one that goes, and a `pulumi` that exports the stack's record. */
export class ReviewStage {
  readonly folder = mkdtempSync(join(tmpdir(), "review-"));
  readonly engine: StandInEngine = standInEngine(this.folder);
  readonly #leave = within(this.folder);
  #path = this.engine.path;
  #token: string | undefined;

  private constructor(readonly sandbox: Sandbox) {
    this.#token = sandbox.token;
  }

  static async open(): Promise<ReviewStage> {
    const sandbox = await startSandbox({ now: "2026-10-01T00:00:00Z" });
    const target = { registryUrl: sandbox.registryUrl, token: sandbox.token, repository: "logto-io/logto" };
    await pushMultiArchImage(target, { seed: "prod", tags: ["prod"] });
    await pushMultiArchImage(target, { seed: "pr", tags: ["pr-1"] });
    sandbox.setClock("2026-11-23T05:00:00Z");
    return new ReviewStage(sandbox);
  }

  async close(): Promise<void> {
    this.#leave();
    rmSync(this.folder, { recursive: true });
    await this.sandbox.close();
  }

  /** As it was opened, but for what the sandbox was asked. */
  reset(): void {
    this.#path = this.engine.path;
    this.#token = this.sandbox.token;
    this.engine.exports(emptyRecord);
  }

  /** Leaves no `pulumi` on the path. */
  removeEngine(): void {
    this.#path = "";
  }

  useToken(token: string | undefined): void {
    this.#token = token;
  }

  /** What it prints of a stack whose config is changed so, and the exit code that it leaves. */
  review(args: readonly string[], change: object = {}): Promise<Captured> {
    const { githubApiUrl, registryUrl } = this.sandbox;
    const servers = { "ghcr-retention:githubApiUrl": githubApiUrl, "ghcr-retention:registryUrl": registryUrl };
    const file = join(this.folder, "Pulumi.prod.yaml");
    writeFileSync(file, stringify({ config: { ...servers, "ghcr-retention:policies": [policy], ...change } }));
    return this.run("--stack", "prod", "--config-file", file, ...args);
  }

  /** What the command prints, with the stage's token and engine only. */
  run(...args: readonly string[]): Promise<Captured> {
    const env = { PATH: this.#path, GITHUB_TOKEN: this.#token, GHCR_RETENTION_CACHE: join(this.folder, "cache") };
    return captured(reviewCommand(), args, env);
  }
}
