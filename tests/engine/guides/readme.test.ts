import assert from "node:assert/strict";
import { appendFileSync, copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertComplete } from "../../support/engine/pull";
import { now, PackageWorld, shop } from "../../support/engine/world";
import { blocksOf } from "../../support/guides/guide";
import { Project } from "../../support/guides/project";

const page = "../README.md";

describe("the README's policy", function () {
  this.timeout(300_000);

  const [, commands = ""] = blocksOf(page, "sh");
  const [token = "", preview = "", approve = "", up = ""] = commands.trimEnd().split("\n");
  const planId = /\d{4}-\d{2}-\d{2}-[0-9a-f]{12}/;
  let sandbox: Sandbox;
  let world: PackageWorld;
  let project: Project;

  before(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, "logto-io/logto").deploy(shop);
    project = await Project.create(sandbox);
    const [example = ""] = blocksOf(page, "yaml");
    const [, policies = ""] = /\nconfig:\n(.*)$/s.exec(example) ?? [];
    appendFileSync(project.configFile, policies);
    copyFileSync(project.configFile, join(project.folder, "Pulumi.prod.yaml"));
    await done("pulumi stack init dev");
  });
  after(async () => {
    project?.remove();
    await sandbox?.close();
  });

  const done = (line: string) => project.done(line);

  it("is previewed, approved and carried out by the README's commands, and every image that stays is whole", async () => {
    // The token is in the environment already.
    assert.match(token, /^export GITHUB_TOKEN=/);
    const said = await done(preview);
    assert.deepEqual(world.deleted(), []);
    const id = planId.exec(said)?.[0] ?? "";
    const [line = ""] = approve.split("   #");
    assert.ok(said.includes(line.trimEnd().replace(planId, id)), said);
    await done(approve.replace(planId, id));
    // Nobody answers its question here.
    await done(`PULUMI_SKIP_CONFIRMATIONS=true ${up}`);
    assert.deepEqual(world.deleted(), world.digests("pr1", "pr2", "prodBefore"));
    await assertComplete(world, ...world.tags());
  });

  it("is explained by the README's command", async () => {
    const text = readFileSync(join(__dirname, "..", "..", "..", "README.md"), "utf8");
    const [, command = ""] = /`(npx ghcr-retention explain [^`]+)`/.exec(text) ?? [];
    const said = await done(command);
    assert.match(said, /keep-releases/);
  });

  it("is examined by the README's command, which finds nothing missing", async () => {
    const text = readFileSync(join(__dirname, "..", "..", "..", "README.md"), "utf8");
    const [, command = ""] = /`(npx ghcr-retention doctor [^`]+)`/.exec(text) ?? [];
    // The clocks are compared.
    sandbox.setClock(new Date());
    const said = await done(command);
    assert.match(said, /^logto-io\/logto\n {2}list versions +yes: \d+ versions/m);
    assert.match(said, /^nothing is missing$/m);
  });
});
