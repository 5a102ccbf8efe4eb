import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type Ended, runCompiled } from "../../support/command-line/run";
import { assertSays, assertSucceeds } from "../../support/engine/output";
import { useEngine } from "../../support/engine/use-engine";
import { policyFor, small } from "../../support/engine/world";

describe("the stack and the config file of the commands", function () {
  this.timeout(300_000);

  const engine = useEngine({ packages: { "acme/app": small }, stack: { policies: [policyFor("acme/app")] } });
  let env: NodeJS.ProcessEnv;
  let below: string;

  before(() => {
    const { folder } = engine.stack;
    below = join(folder, "src", "images");
    mkdirSync(below, { recursive: true });
    env = { ...engine.stack.env, PULUMI_HOME: join(folder, "home") };
    execFileSync("pulumi", ["stack", "select", "test", "--non-interactive"], { cwd: folder, env, stdio: "ignore" });
  });

  function explain(cwd: string, ...args: readonly string[]): Promise<Ended> {
    return runCompiled(["explain", "app", "prod", ...args], env, cwd);
  }

  function assertExplains({ code, stdout, stderr }: Ended): void {
    assert.equal(code, 0, stderr);
    assert.match(stdout, /stays/);
  }

  for (const name of ["test", "organization/test", "organization/ghcr-retention/test"]) {
    it(`takes ${name}, as the engine does, from a folder below the project`, async () => {
      assertSucceeds(await engine.stack.config("--stack", name));
      assertExplains(await explain(below, "--stack", name));
    });
  }

  it("takes the stack that is selected, or that PULUMI_STACK names", async () => {
    assertExplains(await explain(below));
    const { code, stderr } = await runCompiled(["explain", "app", "prod"], { ...env, PULUMI_STACK: "other" }, below);
    assert.equal(code, 1);
    assert.match(stderr, /Pulumi\.other\.yaml cannot be read/);
  });

  it("finds the folder that the project names, its config for all stacks, and keys without a namespace", async () => {
    const { folder } = engine.stack;
    const { config, ...rest } = parse(readFileSync(engine.stack.configFile, "utf8")) as { readonly config: Record<string, unknown> };
    const { "ghcr-retention:policies": policies, "ghcr-retention:registryUrl": registryUrl, ...others } = config;
    const project = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as object;
    const shared = { "ghcr-retention:registryUrl": { default: registryUrl } };
    writeFileSync(join(folder, "Pulumi.yaml"), stringify({ ...project, stackConfigDir: "stacks", config: shared }));
    mkdirSync(join(folder, "stacks"));
    writeFileSync(join(folder, "stacks", "Pulumi.test.yaml"), stringify({ ...rest, config: { ...others, policies } }));
    renameSync(engine.stack.configFile, join(folder, "elsewhere.yaml"));

    const said = execFileSync("pulumi", ["config", "--json", "--non-interactive"], { cwd: below, env, encoding: "utf8" });
    assertSays(said, '"ghcr-retention:policies"', String(registryUrl));
    assertExplains(await explain(below));
    assertExplains(await explain(folder, "--config-file", "elsewhere.yaml"));
    const { stderr } = await explain(below, "--stack", "none");
    assert.match(stderr, /\.\.\/\.\.\/stacks\/Pulumi\.none\.yaml cannot be read: name the stack with --stack/);
  });
});
