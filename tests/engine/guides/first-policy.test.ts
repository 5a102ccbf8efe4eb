import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { stackDefaultsOf } from "../../../components/config-file/stack-defaults";
import { buildGraph } from "../../../components/graph/graph";
import { propose } from "../../../components/proposal/propose";
import { familyOf } from "../../../components/proposal/tag-family";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { image, packageOf } from "../../support/builders/package";
import { now, PackageWorld, shop } from "../../support/engine/world";
import { blocksOf, codesIn, tableOf } from "../../support/guides/guide";
import { Project } from "../../support/guides/project";

const page = "first-policy.md";
const purposes: Readonly<Record<string, string>> = {
  releases: "release",
  "tags that move": "moving",
  "pull requests": "pull-request",
  commits: "commit",
  "days and nights": "date",
  builds: "build",
  branches: "branch",
  "nothing clear": "unclear",
};

describe("the guide to a first policy", function () {
  this.timeout(300_000);

  it("says what each tag is taken for", () => {
    const rows = tableOf(page, "What it takes tags for");
    assert.equal(rows.length, Object.keys(purposes).length);
    for (const [tags = "", kind = ""] of rows) {
      for (const tag of codesIn(tags)) assert.equal(familyOf(tag)?.purpose ?? "unclear", purposes[kind], tag);
    }
  });

  it("says how many of each stay, and how old the others must be", () => {
    for (const [tags = "", kind = "", proposed = ""] of tableOf(page, "What it takes tags for")) {
      const entries = codesIn(tags).map((tag, place) => image(`${place}`, { tags: [tag] }));
      const { entry } = propose(buildGraph(packageOf(...entries)), stackDefaultsOf());
      const rules = entry.rules.map(({ rule }) => rule).filter(({ name }) => name !== "drop-untagged");
      const newest = rules.find(({ action, mostRecent }) => action === "keep" && mostRecent !== undefined)?.mostRecent;
      const age = rules.find(({ action }) => action === "delete")?.olderThan?.replace(/d$/, " days");
      const said = /^the newest (\d+) stay, others go after (\d+ days)$/.exec(proposed);
      assert.deepEqual([newest, age], [said?.[1] === undefined ? undefined : Number(said[1]), said?.[2]], kind);
    }
  });

  describe("step by step on the real engine", () => {
    const [init = "", preview = "", record = "", later = "", approve = ""] = blocksOf(page, "sh");
    let sandbox: Sandbox;
    let world: PackageWorld;
    let project: Project;

    before(async () => {
      sandbox = await startSandbox({ now });
      world = await new PackageWorld(sandbox, "logto-io/logto").deploy(shop);
      project = await Project.create(sandbox);
    });
    after(async () => {
      project?.remove();
      await sandbox?.close();
    });

    const done = (block: string) => project.done(block);

    it("writes the policy of the page", async () => {
      await done(init);
      const [example = ""] = blocksOf(page, "yaml");
      const [, policies = ""] = /^config:\n(.*)$/s.exec(example) ?? [];
      const written = readFileSync(project.configFile, "utf8");
      assert.ok(policies.length > 0 && written.includes(policies), written);
    });

    it("previews without a deletion, passes the policy pack, and shows what may go and when", async () => {
      const output = await done(preview);
      const [shown = ""] = blocksOf(page, "text");
      for (const line of shown.trimEnd().split("\n")) assert.ok(output.includes(line), output);
      assert.doesNotMatch(output, /\[(mandatory|advisory)\]/);
      assert.deepEqual(world.deleted(), []);
    });

    it("deletes nothing before it is approved, and exactly that afterwards", async () => {
      await done(record);
      assert.deepEqual(world.deleted(), []);
      sandbox.setClock("2026-12-01T12:00:00Z");
      const id = /plan (\d{4}-\d{2}-\d{2}-[0-9a-f]{12}): delete 5 of 40 versions/.exec(await done(later))?.[1];
      assert.ok(id);
      await done(approve.replace(/\d{4}-\d{2}-\d{2}-[0-9a-f]{12}/, id));
      assert.deepEqual(world.deleted(), world.digests("prodBefore"));
    });
  });
});
