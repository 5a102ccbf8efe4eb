import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertComplete } from "../../support/engine/pull";
import { now, PackageWorld, small } from "../../support/engine/world";
import { blocksOf } from "../../support/guides/guide";
import { Project } from "../../support/guides/project";
import { toolOrSkip } from "../../support/tools";

const page = "restore.md";
const policy = `
  ghcr-retention:policies:
    - owner: logto-io
      package: logto
      rules:
        - { name: keep-releases, action: keep, tags: [prod] }
        - { name: drop-pr-builds, action: delete, tags: ["pr-*"], olderThan: 7d }
`;

describe("the guide to restoring", function () {
  this.timeout(300_000);

  const [images = "", list = "", atOnce = "", byImage = "", agree = "", inPullRequest = ""] = blocksOf(page, "sh");
  const planId = /\d{4}-\d{2}-\d{2}-[0-9a-f]{12}/;
  let sandbox: Sandbox;
  let world: PackageWorld;
  let project: Project;
  let plan: string;

  before(async function () {
    toolOrSkip(this, "jq");
    sandbox = await startSandbox({ now, switches: { tagsReturnOnRestore: false } });
    world = await new PackageWorld(sandbox, "logto-io/logto").deploy(small);
    project = await Project.create(sandbox);
    appendFileSync(project.configFile, policy.slice(1));
    await done("pulumi stack init dev");
    plan = planId.exec(await done("pulumi preview"))?.[0] ?? "";
    await done(`pulumi config set --path 'ghcr-retention:policies[0].approve' ${plan}\npulumi up --yes --skip-preview`);
    assert.deepEqual(world.deleted(), world.digests("pr1"));
  });
  after(async () => {
    project?.remove();
    await sandbox?.close();
  });

  const done = (block: string) => project.done(block.replace(planId, plan));

  it("lists the images that are gone", async () => {
    const [head, , row = ""] = (await done(images)).split("\n");
    assert.equal(head, "logto-io/logto: 1 image can be restored");
    assert.match(row, new RegExp(`^  pr-1 +sha256:\\w{12} +2 parts .* 2026-12-23 +${plan}$`));
  });

  it("lists them as JSON", async () => {
    const list = JSON.parse(await done(`${images.trim()} --json`));
    const [
      {
        images: [{ digest, parts, deletedAt, ...image }, ...more],
        ...one
      },
      ...others
    ] = list.packages;
    assert.deepEqual([one, more, others], [{ package: "logto-io/logto", listedByGitHub: true }, [], []]);
    assert.deepEqual(image, { tags: ["pr-1"], restorableUntil: "2026-12-23", plan });
    assert.deepEqual([digest, parts], [world.image("pr1").index, 2]);
    assert.match(deletedAt, /^2026-11-23T/);
  });

  it("lists what is gone as the page shows it", async () => {
    const lines = (await done(list)).trimEnd().split("\n");
    const [example = ""] = blocksOf(page, "text");
    const [, , , ...told] = example.trimEnd().split(" ");
    assert.equal(lines.length, 3);
    assert.ok(
      lines.some((line) => line.startsWith("sha256:") && line.includes(` ${plan} `) && line.endsWith(told.slice(1).join(" "))),
      lines.join("\n"),
    );
  });

  it("brings an image back without its plan: by its tag, by its digest, or by the time", async () => {
    const commands = byImage.trimEnd().split("\n");
    assert.equal(commands.length, 3);
    for (const command of commands) {
      const output = await done(command.replace(/sha256:\S+/, world.image("pr1").index).replace(/\d{4}-\S+Z/, "2026-11-23T00:00:00Z"));
      assert.match(output, /restored and pulled/);
      await assertComplete(world, "pr-1", "prod");
      const pkg = sandbox.store.find("logto-io/logto");
      for (const digest of world.digests("pr1")) {
        const version = pkg?.byDigest(digest);
        if (pkg && version) sandbox.store.delete(pkg, version);
      }
    }
    assert.deepEqual(world.deleted(), world.digests("pr1"));
  });

  it("brings a plan back at once, and makes the stack agree", async () => {
    const output = await done(atOnce);
    await assertComplete(world, "pr-1", "prod");
    assert.ok(output.includes(agree.split("\n")[0]?.replace(planId, plan) ?? " "), output);
    await done(agree);
    await assertComplete(world, "pr-1", "prod");
    assert.equal((await done(list)).trim(), "");
  });

  it("brings an image back by its tag", async () => {
    await done(
      "pulumi config rm --path 'ghcr-retention:policies[0].restore'\npulumi config rm --path 'ghcr-retention:policies[0].approve'",
    );
    // A tag that was put back is a change of the version, and what changed within a day is left alone.
    sandbox.setClock("2026-11-26T12:00:00Z");
    const again = planId.exec(await done("pulumi up --yes --skip-preview\npulumi preview"))?.[0] ?? "";
    assert.notEqual(again, plan);
    plan = again;
    await done(`pulumi config set --path 'ghcr-retention:policies[0].approve' ${again}\npulumi up --yes --skip-preview`);
    assert.deepEqual(world.deleted(), world.digests("pr1"));
    const output = await done(inPullRequest);
    for (const digest of world.digests("pr1")) assert.match(output, new RegExp(`- ${digest}: "`));
    await assertComplete(world, "pr-1", "prod");
  });
});
