import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertSays } from "../../support/engine/output";
import { assertComplete } from "../../support/engine/pull";
import { now, PackageWorld, shop } from "../../support/engine/world";
import { blocksOf } from "../../support/guides/guide";
import { FreshClone } from "../../support/guides/own-project";

const root = join(__dirname, "..", "..", "..");
const planId = /\d{4}-\d{2}-\d{2}-[0-9a-f]{12}/;
const [packages = "", ownProject = "", preview = "", record = "", later = "", approve = "", restore = "", withoutProgram = ""] = blocksOf(
  "first-policy.md",
  "sh",
);
const [proposal = "", projectFile = "", stackFile = ""] = blocksOf("first-policy.md", "yaml");
const [tryIt = "", packagesOfReadme = "", projectOfReadme = "", policy = ""] = blocksOf("../README.md", "sh");
const [, , , onSandbox = "", aWeekLater = ""] = blocksOf("sandbox.md", "sh");
const [policyFile = ""] = blocksOf("../README.md", "yaml");

/** What stands below `config:`. */
function settingsOf(yaml: string): string {
  return /^config:\n(.*)$/ms.exec(yaml)?.[1] ?? "";
}

describe("the README and the guide to a first policy, from a fresh clone", function () {
  this.timeout(600_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let fresh: FreshClone;
  let servers: string;
  let configFile: string;

  before(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, "logto-io/logto").deploy(shop);
    fresh = await FreshClone.create(sandbox);
    configFile = join(fresh.project.folder, "Pulumi.dev.yaml");
    servers = readFileSync(configFile, "utf8");
  });
  after(async () => {
    fresh?.remove();
    await sandbox?.close();
  });

  /** The token is in the environment already. */
  const withoutToken = (block: string) => block.replace(/^export GITHUB_TOKEN=…\n/m, "");
  const done = (block: string) => fresh.project.done(withoutToken(block));

  it("begin with the same commands, and name commands of the clone that exist", () => {
    assert.deepEqual([packagesOfReadme, projectOfReadme], [packages, ownProject]);
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const named = [...`${tryIt}${packages}`.matchAll(/^npm (?:run )?(\S+)/gm)].map(([, name = ""]) => name);
    assert.deepEqual(
      named.filter((name) => name !== "pack" && scripts[name] === undefined),
      [],
    );
    assert.ok(existsSync(join(root, /\]\((docs\/\S+\.svg)\)/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? "none")));
  });

  describe("in the guide", () => {
    it("packages are made in the clone, and init --new proposes the policy of the page", async () => {
      await fresh.clone.done(packages);
      await fresh.lock(...[...packages.matchAll(/ghcr-retention\S*\.tgz/g)].map(([name]) => name));
      await done(ownProject);
      const written = readFileSync(configFile, "utf8");
      assert.ok(settingsOf(proposal) !== "" && written.includes(settingsOf(proposal)), written);
      assert.deepEqual(world.deleted(), []);
    });

    it("the preview passes the policy pack, and shows what may go and when", async () => {
      const output = await done(preview);
      const [shown = ""] = blocksOf("first-policy.md", "text");
      assertSays(output, ...shown.trimEnd().split("\n"));
      assert.doesNotMatch(output, /\[(mandatory|advisory)\]/);
      assert.deepEqual(world.deleted(), []);
    });

    it("nothing is deleted before it is approved, exactly that afterwards, and all of it comes back", async () => {
      await done(record);
      assert.deepEqual(world.deleted(), []);
      sandbox.setClock("2026-12-01T12:00:00Z");
      const id = /plan (\d{4}-\d{2}-\d{2}-[0-9a-f]{12}): delete 5 of 40 versions/.exec(await done(later))?.[1] ?? "none";
      await done(approve.replace(planId, id));
      assert.deepEqual(world.deleted(), world.digests("prodBefore"));
      await done(restore.replace(planId, id));
      assert.deepEqual(world.deleted(), []);
    });

    it("a project without a program has the same", async () => {
      rmSync(join(fresh.project.folder, "retention.js"));
      writeFileSync(join(fresh.project.folder, "Pulumi.yaml"), projectFile);
      writeFileSync(configFile, `${servers}${settingsOf(stackFile)}`);
      await done("pulumi stack rm --yes --force --preserve-config dev");
      assertSays(await done(withoutProgram), "logto-io/logto", /plan 2026-12-01-[0-9a-f]{12}: delete/);
    });
  });

  describe("in the README", () => {
    it("the policy is previewed, approved and carried out, every image that stays is whole, and one comes back", async () => {
      writeFileSync(configFile, `${servers}${settingsOf(policyFile)}`);
      const [show = "", agree = "", up = "", back = ""] = policy.trimEnd().split("\n");
      const said = await done(show);
      const id = planId.exec(said)?.[0] ?? "none";
      const [line = ""] = agree.split("   #");
      assertSays(said, line.trimEnd().replace(planId, id));
      await done(agree.replace(planId, id));
      await done(up);
      assert.deepEqual(world.deleted(), world.digests("pr1", "pr2", "pr3", "prodBefore"));
      await assertComplete(world, ...world.tags());
      await done(back);
      assert.deepEqual(world.deleted(), world.digests("pr2", "pr3", "prodBefore"));
      await assertComplete(world, "main-1", "pr-1", "prod", "v1.0.0", "v1.1.0", "v1.2.0");
    });

    it("the other commands of its text work", async () => {
      // `doctor` compares the clocks.
      sandbox.setClock(new Date());
      const text = readFileSync(join(root, "README.md"), "utf8");
      const commands = [...text.matchAll(/^`(npx ghcr-retention (\S+) [^`]+)`/gm)];
      const expected: Readonly<Record<string, RegExp>> = {
        review: /## Retention/,
        explain: /keep-releases/,
        plan: /^package,version_id,/m,
        doctor: /^nothing is missing$/m,
      };
      const migrate = commands.find(([, , name]) => name === "migrate");
      const others = commands.filter((one) => one !== migrate);
      assert.deepEqual(others.map(([, , name = ""]) => name).sort(), Object.keys(expected).sort());
      for (const [, command = "", name = ""] of others) assert.match(await done(command), expected[name] ?? /never/);
      // Run by the test of that guide.
      assertSays(readFileSync(join(root, "docs", "migrate.md"), "utf8"), migrate?.[1] ?? "none");
    });
  });

  describe("in a project of one's own on the sandbox", () => {
    const here = (block: string) =>
      done(block.replaceAll("http://127.0.0.1:5055", sandbox.registryUrl).replace(/^export GITHUB_TOKEN=….*\n/m, ""));

    it("the package is filled, the project made, and its plan waits for approval after the grace", async () => {
      sandbox.setClock(new Date());
      await done("pulumi stack rm --yes --force dev");
      for (const name of ["retention.js", "Pulumi.yaml"]) rmSync(join(fresh.project.folder, name), { force: true });
      const said = await here(onSandbox);
      assertSays(said, "Pulumi.dev.yaml: 1 policy added", "acme/app", "1 of 4 versions in grace");
      assertSays(
        await here(aWeekLater),
        /plan \d{4}-\d{2}-\d{2}-[0-9a-f]{12}: delete 1 of 4 versions/,
        "ghcr-retention:policies[0].approve",
      );
    });
  });
});
