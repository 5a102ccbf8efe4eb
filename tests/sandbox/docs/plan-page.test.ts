import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { planCommand } from "../../../components/command-line/plan-command";
import { PlanList, verdicts } from "../../../components/listing/plan-list";
import { type Captured, captured } from "../../support/command-line/captured";
import { standInEngine, within } from "../../support/command-line/stand-in-engine";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { now, PackageWorld, policyFor, shop, small } from "../../support/engine/world";

const page = join(__dirname, "..", "..", "..", "docs", "plan.md");

describe("docs/plan.md", function () {
  this.timeout(120_000);

  const sandbox = useSandbox({ now });
  let folder: string;
  let leave: () => void;
  let digest: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plan-page-"));
    leave = within(folder);
    const app = await new PackageWorld(sandbox(), "acme/app").deploy(shop);
    await new PackageWorld(sandbox(), "acme/team/web").deploy(small);
    digest = app.image("pr2").children.find(({ platform }) => platform === "linux/arm64")?.digest ?? "";
  });
  afterEach(() => {
    leave();
    rmSync(folder, { recursive: true });
  });

  function plan(args: readonly string[]): Promise<Captured> {
    const { githubApiUrl, registryUrl, token } = sandbox();
    const policies = [policyFor("acme/app"), policyFor("acme/team/web")];
    const servers = { "ghcr-retention:githubApiUrl": githubApiUrl, "ghcr-retention:registryUrl": registryUrl };
    const file = join(folder, "Pulumi.prod.yaml");
    writeFileSync(file, stringify({ config: { ...servers, "ghcr-retention:policies": policies } }));
    const env = { GITHUB_TOKEN: token, GHCR_RETENTION_CACHE: join(folder, "cache"), PATH: standInEngine(folder).path };
    return captured(planCommand(), [...args, "--config-file", file], env);
  }

  it("shows what the commands print", async () => {
    const text = readFileSync(page, "utf8");
    const { stdout: json } = await plan(["--sizes", "--json", "app"]);
    const row = PlanList.parse(JSON.parse(json)).packages[0]?.versions.find((version) => version.digest === digest);
    const { stdout: csv } = await plan(["--csv", "app"]);
    const lines = csv.split("\r\n");
    const shown = [lines[0], lines.find((line) => line.includes(`,${digest},`))].join("\n");
    const expected = text
      .replace(/```json\n[\s\S]*?```/, () => `\`\`\`json\n${JSON.stringify(row, undefined, 2)}\n\`\`\``)
      .replace(/```csv\n[\s\S]*?```/, () => `\`\`\`csv\n${shown}\n\`\`\``);
    if (process.env.GENERATE) writeFileSync(page, expected);
    assert.equal(readFileSync(page, "utf8"), expected);
  });

  it("has commands that run", async () => {
    const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(readFileSync(page, "utf8")) ?? [];
    const commands = block.trim().split("\n");
    assert.equal(commands.length, 4);
    for (const command of commands) {
      const args = command.replace("npx ghcr-retention plan ", "").replace("plan.csv", join(folder, "plan.csv")).split(" ");
      const { code, stderr } = await plan(args);
      assert.equal(code, 0, `${command}: ${stderr}`);
    }
  });

  it("has a line for each verdict", () => {
    const text = readFileSync(page, "utf8");
    for (const [verdict, meaning] of Object.entries(verdicts)) assert.ok(text.includes(`| \`${verdict}\` | ${meaning} |\n`), verdict);
  });
});
