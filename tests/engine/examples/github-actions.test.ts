import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertSays } from "../../support/engine/output";
import { now, PackageWorld, policyFor, small, usualRules } from "../../support/engine/world";
import { type Ended, Repository } from "../../support/examples/repository";
import { packedFolder, packPolicies, removeFolder } from "../../support/packaging/project";
import { toolOrSkip } from "../../support/tools";

const repository = "acme/shop";
const marker = "<!-- ghcr-retention:prod -->";
const Approving = z.array(z.looseObject({ approve: z.string().regex(/^2026-11-23-[0-9a-f]{12}$/) }));
const Proposed = z.object({ config: z.looseObject({ "ghcr-retention:policies": Approving, "ghcr-retention:organizations": Approving }) });
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 5, tags: ["pr-2"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
  main: { days: 30, tags: ["main-1"], attestations: false },
  release: { days: 20, tags: ["v1.0.0"], attestations: false },
} as const;

describe("a team that has the example workflows", function () {
  this.timeout(240_000);

  let folder: string;
  let sandbox: Sandbox;
  let world: PackageWorld;
  let whole: PackageWorld;
  let team: Repository;
  let tokens: Readonly<Record<string, string>>;

  before(async function () {
    toolOrSkip(this, "jq");
    const packed = await packedFolder();
    folder = packed.folder;
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy(deployments);
    whole = await new PackageWorld(sandbox, "corp/app").deploy(small);
    tokens = {
      "secrets.PACKAGES_READ_TOKEN": sandbox.createToken({ scopes: ["read:packages"] }),
      "secrets.PACKAGES_DELETE_TOKEN": sandbox.createToken({ scopes: ["read:packages", "write:packages", "delete:packages"] }),
    };
    const config = {
      "ghcr-retention:githubApiUrl": sandbox.githubApiUrl,
      "ghcr-retention:registryUrl": sandbox.registryUrl,
      "ghcr-retention:deletionsPerMinute": 60_000,
      "ghcr-retention:policies": [policyFor(repository)],
      "ghcr-retention:organizations": [{ owner: "corp", packages: ["*"], rules: [...usualRules] }],
    };
    team = await Repository.create(config, [packed.tarball, await packPolicies(folder)]);
  });
  after(async () => {
    await team?.remove();
    await sandbox?.close();
    await removeFolder(folder);
  });

  const server = {
    "github.server_url": "https://github.com",
    "github.repository": "acme/registry",
    "github.run_id": "7",
    "github.actor": "ada",
  };

  function preview(branch: string, number: number) {
    const own = { "github.event_name": "pull_request", "github.event.pull_request.head.repo.full_name": "acme/registry" };
    const context = { ...tokens, ...server, ...own, "github.event.pull_request.number": String(number) };
    return team.runs({ workflow: "preview.yml", ref: branch, context });
  }

  function apply() {
    return team.runs({ workflow: "apply.yml", ref: "main", context: { ...tokens, "github.event_name": "push" } });
  }

  function propose() {
    return team.runs({ workflow: "scheduled.yml", ref: "main", context: tokens });
  }

  function assertPassed(ended: Readonly<Record<string, Ended>>): void {
    for (const [job, { exitCode, output }] of Object.entries(ended)) assert.equal(exitCode, 0, `${job}:\n${output}`);
  }

  describe("when somebody changes the rules in a pull request", () => {
    let number: number;

    function write(was: string, becomes: string): Promise<string> {
      return team.edit("rules", `Write ${becomes}`, async (clone) => {
        const path = join(clone, "Pulumi.prod.yaml");
        await writeFile(path, (await readFile(path, "utf8")).replace(was, becomes));
      });
    }

    it("gets one comment and a red check where the rules are wrong", async () => {
      await write("olderThan: 7d", "olderThan: soon");
      number = await team.open("rules");
      const { preview: previewed, comment } = await preview("rules", number);
      assert.notEqual(previewed?.exitCode, 0, previewed?.output);
      assert.equal(comment?.exitCode, 0, comment?.output);
      const { comments } = await team.github();
      assert.deepEqual(
        comments.map(({ issue }) => issue),
        [number],
      );
      assert.ok(comments[0]?.body.startsWith(marker), comments[0]?.body);
    });

    it("has it updated by the next push, with what would go and how to approve it, and gets no second one", async () => {
      await write("olderThan: soon", "olderThan: 4d");
      assertPassed(await preview("rules", number));
      const { comments } = await team.github();
      assert.equal(comments.length, 1);
      assertSays(comments[0]?.body ?? "", marker, "pr-1", "pr-2", /2026-11-23-[0-9a-f]{12}/, "ghcr-retention:policies[0].approve");
      await team.merge(number);
      assert.deepEqual(world.deleted(), []);
    });
  });

  describe("when a plan waits", () => {
    let proposed: number;
    let plan: string;

    /** The ids that the proposed config approves, by what they stand at. */
    async function approvals(): Promise<Readonly<Record<string, string>>> {
      const written = Proposed.parse(parse(await team.fileOn("retention/approve", "Pulumi.prod.yaml"))).config;
      const [policy] = written["ghcr-retention:policies"];
      const [organization] = written["ghcr-retention:organizations"];
      return { policies: policy?.approve ?? "", organizations: organization?.approve ?? "" };
    }

    it("gets one pull request, whose change is the lines that approve them, an organisation's as well", async () => {
      assertPassed(await propose());
      const open = (await team.github()).pulls.filter(({ merged }) => merged === undefined);
      assert.deepEqual(
        open.map(({ head }) => head.ref),
        ["retention/approve"],
      );
      proposed = open[0]?.number ?? 0;
      assertSays(open[0]?.body ?? "", marker, "pr-1", "pr-2");
      const approved = await approvals();
      assertSays(await team.fileOn("retention/approve", "Pulumi.prod.yaml"), "# The platform team decides what may go.");
      plan = approved.policies ?? "none";
      assertSays(open[0]?.body ?? "", plan, approved.organizations ?? "none");
    });

    it("has the branch left alone while the plan is the same, so that its reviews stand", async () => {
      const before = await team.commitOf("retention/approve");
      assertPassed(await propose());
      assert.equal(await team.commitOf("retention/approve"), before);
    });

    it("has the same pull request updated when the plan is another one", async () => {
      await world.tag("pr2", "v1");
      assertPassed(await propose());
      const open = (await team.github()).pulls.filter(({ merged }) => merged === undefined);
      assert.deepEqual(
        open.map(({ number }) => number),
        [proposed],
      );
      const { policies: changed = "" } = await approvals();
      assert.notEqual(changed, plan);
      assertSays(open[0]?.body ?? "", changed);
    });

    it("has exactly that deleted after the merge, and no artifact of another run is needed", async () => {
      assertPassed(await preview("retention/approve", proposed));
      assert.deepEqual(world.deleted(), []);
      await team.merge(proposed);
      const { apply: applied } = await apply();
      assert.equal(applied?.exitCode, 0, applied?.output);
      assert.deepEqual(
        (await team.github()).calls.filter((call) => call.startsWith("run ")),
        [],
      );
      assert.deepEqual(world.deleted(), world.digests("pr1"));
      assert.deepEqual(whole.deleted(), whole.digests("pr1"));
    });
  });
});
