import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { z } from "zod";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertSays } from "../../support/engine/output";
import { now, PackageWorld, policyFor, small, usualRules } from "../../support/engine/world";
import { type Ended, Repository } from "../../support/examples/repository";
import { examples, holds, readWorkflow, textOf } from "../../support/examples/workflow";
import { packedFolder, packPolicies, removeFolder } from "../../support/packaging/project";
import { toolOrSkip } from "../../support/tools";

const run = promisify(execFile);
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

describe("the example workflows", () => {
  const names = ["apply.yml", "preview.yml", "scheduled.yml"];

  it("are these", async () => {
    assert.deepEqual((await readdir(examples)).sort(), names);
  });

  it("have no fault that actionlint knows", async function () {
    const actionlint = toolOrSkip(this, "actionlint");
    // What it says of shell scripts depends on what else is installed.
    await run(actionlint, ["-shellcheck=", "-pyflakes=", ...names.map((name) => join(examples, name))]).catch(({ stdout }) =>
      assert.fail(stdout),
    );
  });

  for (const name of names) {
    describe(name, () => {
      const workflow = readWorkflow(name);
      const jobs = Object.entries(workflow.jobs);
      const steps = jobs.flatMap(([, job]) => job.steps);

      it("pins each action by its commit, and says which version that is", () => {
        for (const line of textOf(name).split("\n")) {
          if (line.includes("uses:")) assert.match(line, /uses: (actions|pulumi)\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
        }
      });

      it("leaves no token in the clone, and gives none to a job as a whole", () => {
        for (const { uses = "", with: options } of steps) {
          if (uses.startsWith("actions/checkout@")) assert.equal(options["persist-credentials"], "false");
        }
        assert.deepEqual(
          Object.keys(workflow.env).filter((key) => !["BRANCH", "GHCR_RETENTION_CACHE", "STACK"].includes(key)),
          [],
        );
      });

      it("puts nothing into a script that somebody else wrote", () => {
        for (const { run: script = "" } of steps) assert.doesNotMatch(script, /\$\{\{/);
        const named = steps.flatMap(({ env }) => Object.values(env)).join(" ");
        assert.doesNotMatch(named, /title|body|head_ref|head\.ref|label/);
      });

      it("keeps manifests between runs where nothing is deleted, in the folder that the commands use", () => {
        const caches = steps.filter(({ uses = "" }) => uses.startsWith("actions/cache@"));
        assert.equal(caches.length, name === "apply.yml" ? 0 : 1);
        for (const { with: options } of caches) {
          assert.match(options.path ?? "", /^\$\{\{ env\.GHCR_RETENTION_CACHE \}\}$/);
          assert.match(workflow.env.GHCR_RETENTION_CACHE ?? "", /^\$\{\{ github\.workspace \}\}\//);
          // With a key of its own, each run saves what it added.
          assert.ok(options.key?.startsWith(options["restore-keys"] ?? "none") && options.key.includes("github.run_id"));
        }
      });

      it("ends each job some time, and runs one at a time", () => {
        for (const [, job] of jobs) assert.ok(job["timeout-minutes"] <= 120);
        assert.match(workflow.concurrency.group, /^retention-/);
      });
    });
  }

  it("use no secret and no environment that the guide does not explain", async () => {
    const guide = await readFile(join(examples, "..", "..", "docs", "github-actions.md"), "utf8");
    const text = names.map(textOf).join("\n");
    const used = [...text.matchAll(/(?:secrets|vars)\.([A-Z_]+)|'(retention[a-z-]*)'/g)].map(
      ([, name, environment]) => name ?? environment ?? "",
    );
    assert.deepEqual([...new Set(used)].sort(), [
      "PACKAGES_DELETE_TOKEN",
      "PACKAGES_READ_TOKEN",
      "PULL_REQUEST_TOKEN",
      "PULUMI_ACCESS_TOKEN",
      "PULUMI_ORGANIZATION",
      "retention",
      "retention-nightly",
    ]);
    for (const name of used) assert.ok(guide.includes(`\`${name}\``), name);
  });

  it("give the right to write to no job that runs code of a pull request", () => {
    const { preview, comment, "without-secrets": withoutSecrets } = readWorkflow("preview.yml").jobs;
    assert.deepEqual(withoutSecrets?.permissions, {});
    assert.deepEqual([...new Set(Object.values(preview?.permissions ?? {}))], ["read"]);
    assert.equal(
      comment?.steps.some(({ uses, run: script }) => uses?.startsWith("actions/checkout@") || /npm|npx|pulumi/.test(script ?? "")),
      false,
    );
  });
});

describe("the example workflows on GitHub", () => {
  const { on, jobs } = readWorkflow("preview.yml");
  const own = { "github.event_name": "pull_request", "github.repository": "acme/registry", "github.actor": "ada" };
  const head = "github.event.pull_request.head.repo.full_name";

  /** The jobs of the preview that an event starts, but for the comment, which follows another. */
  function started(context: Readonly<Record<string, string>>): string[] {
    return Object.entries(jobs).flatMap(([name, job]) => (job.needs === undefined && holds(job.if ?? "", context) ? [name] : []));
  }

  it("preview a pull request from the repository", () => {
    assert.deepEqual(started({ ...own, [head]: "acme/registry" }), ["preview"]);
  });

  it("pass over pull requests that get no secrets, with a notice, and are green", async () => {
    for (const context of [
      { ...own, [head]: "mallory/registry" },
      { ...own, [head]: "acme/registry", "github.actor": "dependabot[bot]" },
    ]) {
      assert.deepEqual(started(context), ["without-secrets"]);
    }
    const [step] = jobs["without-secrets"]?.steps ?? [];
    const { stdout } = await run("bash", ["-e", "-c", step?.run ?? "exit 1"]);
    assertSays(stdout, "::notice title=No retention preview::", "Dependabot", "fork");
  });

  it("report to a merge queue, and to a branch that requires the check, whatever a pull request changes", () => {
    assert.ok("merge_group" in on);
    assert.deepEqual(started({ ...own, "github.event_name": "merge_group" }), []);
    assert.equal(on.pull_request, null);
  });

  it("create the stack where the token may, and sign in by OIDC where no code of a pull request runs", () => {
    for (const name of ["apply.yml", "preview.yml", "scheduled.yml"]) {
      const all = Object.values(readWorkflow(name).jobs);
      const scripts = all.flatMap(({ steps }) => steps.map(({ run: script = "" }) => script)).join("\n");
      assert.equal(scripts.includes("pulumi stack select --create"), name === "apply.yml");
      assert.equal(
        all.some(({ permissions }) => permissions["id-token"] === "write"),
        name !== "preview.yml",
      );
    }
  });

  it("have reviewers hold no nightly run", () => {
    const { concurrency, jobs: apply } = readWorkflow("apply.yml");
    assert.match(apply.apply?.environment ?? "", /^\$\{\{ github\.event_name == 'schedule' && 'retention-nightly' \|\| 'retention' \}\}$/);
    assert.ok(concurrency.group.includes("github.event_name == 'schedule'"));
  });
});

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
