import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { now, PackageWorld, policyFor, small } from "../../support/engine/world";
import { blocksOf } from "../../support/guides/guide";
import { Project } from "../../support/guides/project";

describe("plans for scripts", function () {
  this.timeout(300_000);

  const [, stackOutput = "", savedPreview = ""] = blocksOf("library.md", "sh");
  let sandbox: Sandbox;
  let project: Project;
  let deleted: string[];
  before(async () => {
    sandbox = await startSandbox({ now });
    deleted = (await new PackageWorld(sandbox, "acme/app").deploy(small)).digests("pr1");
    await new PackageWorld(sandbox, "acme/web").deploy(small);
    project = await Project.create(sandbox);
    const { owner, rules } = policyFor("acme/app");
    const organization = { owner, packages: ["web"], rules };
    const settings = { "ghcr-retention:policies": [policyFor("acme/app")], "ghcr-retention:organizations": [organization] };
    for (const [key, value] of Object.entries(settings)) appendFileSync(project.configFile, `  ${key}: ${JSON.stringify(value)}\n`);
    await project.done("pulumi stack init dev");
  });
  after(async () => {
    project?.remove();
    await sandbox?.close();
  });

  it("are read from a preview by the page's command", async () => {
    const { code, stdout, stderr } = await project.run(savedPreview);
    assert.equal(code, 0, stderr);
    const plans = JSON.parse(stdout) as { id: string; deletions: object }[];
    assert.equal(plans.length, 2, stdout);
    assert.ok(
      plans.some(({ deletions }) => JSON.stringify(Object.keys(deletions).sort()) === JSON.stringify(deleted)),
      stdout,
    );
  });

  it("are an output of the stack after an update", async () => {
    await project.done("PULUMI_SKIP_CONFIRMATIONS=true pulumi up --skip-preview");
    const plans = JSON.parse((await project.run(stackOutput)).stdout);
    assert.deepEqual(Object.keys(plans), ["acme/app", "acme/web"]);
    const { id, deletions } = plans["acme/app"];
    assert.match(id, /^2026-11-23-[0-9a-f]{12}$/);
    assert.deepEqual(Object.keys(deletions).sort(), deleted);
    assert.equal(Object.keys(plans["acme/web"].deletions).length, 3);
  });
});
