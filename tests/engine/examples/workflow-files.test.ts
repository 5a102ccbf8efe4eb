import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { assertSays } from "../../support/engine/output";
import { examples, holds, readWorkflow, textOf } from "../../support/examples/workflow";
import { toolOrSkip } from "../../support/tools";

const run = promisify(execFile);

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
