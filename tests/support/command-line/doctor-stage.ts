import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { doctorCommand } from "../../../components/command-line/doctor-command";
import { type Sandbox, startSandbox, type TokenRequest } from "../../../sandbox";
import { dropPullRequests, keepReleases } from "../builders/policy";
import { control } from "../emulator/calls";
import { PackageWorld, small } from "../engine/world";
import { useFreshStage } from "../use-stage";
import { type Captured, captured } from "./captured";

export const policy = { owner: "acme", package: "app", rules: [dropPullRequests, keepReleases] };
/** A stack's config with one policy, and with one for each of two packages. */
export const onePolicy = { "ghcr-retention:policies": [policy] };
export const twoPolicies = { "ghcr-retention:policies": [policy, { ...policy, package: "team/web" }] };

/** The scopes that an apply needs. */
export const everyScope = ["read:packages", "write:packages", "delete:packages"];

export const Report = z.object({
  token: z.object({ from: z.string(), kind: z.string(), login: z.string().optional(), scopes: z.array(z.string()).optional() }),
  clock: z.object({ aheadBySeconds: z.int() }).optional(),
  subjects: z.array(
    z.object({
      name: z.string(),
      findings: z.array(z.object({ ability: z.string(), verdict: z.string(), needed: z.boolean(), message: z.string() })),
    }),
  ),
  missing: z.array(z.object({ kind: z.string(), subjects: z.array(z.string()), message: z.string() })),
});

/** A sandbox with packages of an organisation and of a user, whose clock runs with ours. */
export class DoctorStage {
  readonly #folder = mkdtempSync(join(tmpdir(), "doctor-"));

  private constructor(readonly sandbox: Sandbox) {}

  static async open(): Promise<DoctorStage> {
    const sandbox = await startSandbox({ now: new Date().toISOString() });
    await new PackageWorld(sandbox, "acme/app").deploy(small);
    await new PackageWorld(sandbox, "acme/team/web").deploy({ only: { days: 3, tags: ["latest"] } });
    await new PackageWorld(sandbox, "octocat/own").deploy({ only: { days: 3, tags: ["latest"] } });
    sandbox.setOwner("octocat", "User");
    await control(sandbox, "POST clock", { now: new Date().toISOString(), running: true });
    sandbox.clearRequests();
    return new DoctorStage(sandbox);
  }

  async close(): Promise<void> {
    rmSync(this.#folder, { recursive: true });
    await this.sandbox.close();
  }

  /** What it prints for a stack whose config has these keys, with a token. */
  doctor(config: object, token: TokenRequest | string = { scopes: everyScope }, ...args: readonly string[]): Promise<Captured> {
    const { githubApiUrl, registryUrl } = this.sandbox;
    const servers = { "ghcr-retention:githubApiUrl": githubApiUrl, "ghcr-retention:registryUrl": registryUrl };
    const file = join(this.#folder, "Pulumi.dev.yaml");
    writeFileSync(file, stringify({ config: { ...servers, ...config } }));
    const GITHUB_TOKEN = typeof token === "string" ? token : this.sandbox.createToken(token);
    return captured(doctorCommand(), ["--config-file", file, ...args], { GITHUB_TOKEN });
  }
}

/** A fresh stage for each test of the block. */
export function useDoctorStage(): Pick<DoctorStage, "sandbox" | "doctor"> {
  const opened = useFreshStage(() => DoctorStage.open());
  return {
    get sandbox() {
      return opened().sandbox;
    },
    doctor: (...asked) => opened().doctor(...asked),
  };
}
