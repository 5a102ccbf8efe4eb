import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { stringify } from "yaml";
import { planCommand } from "../../../components/command-line/plan-command";
import { PlanList } from "../../../components/listing/plan-list";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { now, PackageWorld, policyFor, shop, small } from "../engine/world";
import { type Captured, captured } from "./captured";
import { standInEngine, within } from "./stand-in-engine";

const ajv = new Ajv2020({ allErrors: true });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "schema", "plan.schema.json"), "utf8")));

/** Asserts that a list is of the published schema. */
export function planListOf(json: string): PlanList {
  const list: unknown = JSON.parse(json);
  assert.ok(validate(list), JSON.stringify(validate.errors));
  return PlanList.parse(list);
}

/** Two packages, and a folder with a stack's config file and a `pulumi` to be found, for tests of `plan`. */
export class PlanStage {
  readonly folder = mkdtempSync(join(tmpdir(), "plan-"));
  /** Where `pulumi` is. */
  readonly path = standInEngine(this.folder).path;
  readonly #leave = within(this.folder);

  private constructor(
    readonly sandbox: Sandbox,
    readonly app: PackageWorld,
  ) {}

  static async open(): Promise<PlanStage> {
    const sandbox = await startSandbox({ now });
    const app = await new PackageWorld(sandbox, "acme/app").deploy(shop);
    await new PackageWorld(sandbox, "acme/team/web").deploy(small);
    return new PlanStage(sandbox, app);
  }

  async close(): Promise<void> {
    this.#leave();
    rmSync(this.folder, { recursive: true });
    await this.sandbox.close();
  }

  run(command: typeof planCommand, args: readonly string[], change: object = {}, path = this.path): Promise<Captured> {
    const { githubApiUrl, registryUrl, token } = this.sandbox;
    const policies = [policyFor("acme/app"), policyFor("acme/team/web")];
    const config = {
      "ghcr-retention:githubApiUrl": githubApiUrl,
      "ghcr-retention:registryUrl": registryUrl,
      "ghcr-retention:policies": policies,
      ...change,
    };
    const file = join(this.folder, "Pulumi.prod.yaml");
    writeFileSync(file, stringify({ config }));
    const env = { GITHUB_TOKEN: token, GHCR_RETENTION_CACHE: join(this.folder, "cache"), PATH: path };
    return captured(command(), ["--stack", "prod", "--config-file", file, ...args], env);
  }

  plan(...args: readonly string[]): Promise<Captured> {
    return this.run(planCommand, args);
  }

  async listed(...args: readonly string[]): Promise<PlanList> {
    const { code, stdout, stderr } = await this.plan("--json", ...args);
    assert.equal(code, 0, stderr);
    return planListOf(stdout);
  }
}
