import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planCommand } from "../../../components/command-line/plan-command";
import { reviewCommand } from "../../../components/command-line/review-command";
import { PlanStage, planListOf } from "../../support/command-line/plan-stage";
import { policyFor } from "../../support/engine/world";
import { useFreshStage } from "../../support/use-stage";

describe("`ghcr-retention plan`", function () {
  this.timeout(120_000);

  const stage = useFreshStage(() => PlanStage.open());

  it("prints no line that approves, where the stack's record cannot be read", async () => {
    assert.match((await stage().plan()).stdout, /To approve exactly this:\n {2}pulumi config set/);
    writeFileSync(join(stage().path, "pulumi"), "#!/bin/sh\necho 'error: PULUMI_ACCESS_TOKEN must be set' >&2\nexit 255\n", {
      mode: 0o755,
    });
    const { code, stdout, stderr } = await stage().plan();
    assert.match(stderr, /^warning: `pulumi stack export` failed: error: PULUMI_ACCESS_TOKEN must be set\. Sign in with `pulumi login`/m);
    assert.equal(code, 1);
    assert.match(stdout, /\n\nwaiting for approval, nothing is deleted until then\./);
    assert.doesNotMatch(stdout, /To approve|pulumi config set/);
    assert.match(stderr, /the record of the stack prod could not be read/);
  });

  it("prints what a preview prints, for each package", async () => {
    const { code, stdout, stderr } = await stage().plan();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^acme\/app\n\nplan 2026-11-23-[0-9a-f]{12}: delete 15 of 40 versions \(3 images\), keep 25\n\n {2}image /);
    assert.match(stdout, /\n\nfrees at most [\d.]+ k?B: 20 manifests were not read \(`npx ghcr-retention plan --sizes` reads them\)\n\n/);
    assert.match(stdout, /To approve exactly this:\n {2}pulumi config set --path 'ghcr-retention:policies\[0\]\.approve' /);
    assert.match(stdout, /\n\nacme\/team\/web\n\nplan /);
  });

  it("fails without the stack's record: what is approved, or waits out its grace, is not known then", async () => {
    const { code, stderr } = await stage().run(planCommand, ["--json"], {}, "");
    assert.equal(code, 1);
    assert.match(stderr, /the record of the stack prod could not be read \(`pulumi stack export`: the Pulumi CLI was not found/);
  });

  it("lists every version as JSON of the published schema, with the decision that a review shows", async () => {
    const { packages, schemaVersion, stack } = await stage().listed();
    assert.deepEqual([schemaVersion, stack], [1, "prod"]);
    const [one] = packages;
    const [waiting] = one?.plans ?? [];
    assert.equal(one?.versions.length, 40);
    const going = one.versions.filter(({ verdict }) => verdict === "waits");
    assert.deepEqual(going.map(({ digest }) => digest).sort(), stage().app.digests("pr1", "prodBefore", "pr2"));
    assert.deepEqual(new Set(going.map(({ plan }) => plan)), new Set([waiting?.id]));
    assert.deepEqual([waiting?.state, waiting?.deletes, waiting?.frees?.accuracy, waiting?.frees?.unread], ["waiting", 15, "at-most", 20]);
    const { stdout: markdown } = await stage().run(reviewCommand, []);
    assert.ok(markdown.includes(`**Plan \`${waiting?.id}\` waits for approval**: delete 15 of 40 versions (3 images), keep 25`), markdown);
  });

  it("says of each version what it is, why it goes or stays, and since when", async () => {
    const [one] = (await stage().listed("acme/app")).packages;
    const find = (digest: string) => one?.versions.find((version) => version.digest === digest);
    const { index, children } = stage().app.image("pr2");
    const pr = find(index);
    assert.deepEqual(
      [pr?.tags, pr?.role, pr?.kind, pr?.verdict, pr?.reason.kind, pr?.because, pr?.rules],
      [["pr-2"], "root", "index", "waits", "tagged-image", "pr-2, 19 days old (drop-pr-builds)", ["drop-pr-builds"]],
    );
    assert.equal(pr?.ageSeconds, 19 * 86_400 + 12 * 3_600);
    assert.equal(pr?.createdAt, "2026-11-03T12:00:00Z");
    const arm = children.find(({ platform }) => platform === "linux/arm64");
    const part = find(arm?.digest ?? "");
    assert.deepEqual(
      [part?.role, part?.platform, part?.reason, part?.because],
      ["child", "linux/arm64", { kind: "part", as: "linux/arm64", of: index }, "linux/arm64 of pr-2"],
    );
    const kept = find(stage().app.image("release1").index);
    assert.deepEqual(
      [kept?.verdict, kept?.reason.kind, kept?.because, kept?.rules],
      ["stays", "kept-by-rule", "kept by keep-releases", ["keep-releases"]],
    );
    const [needed] = stage().app.image("release1").children;
    assert.deepEqual(find(needed?.digest ?? "")?.reason, { kind: "needed", as: needed?.platform, of: stage().app.image("release1").index });
  });

  it("lists what GitHub can restore", async () => {
    const { index } = stage().app.image("pr1");
    const id = stage()
      .sandbox.package("acme/app")
      ?.versions.find((version) => version.digest === index)?.id;
    const url = `${stage().sandbox.githubApiUrl}/orgs/acme/packages/container/app/versions/${id}`;
    assert.equal((await fetch(url, { method: "DELETE", headers: { authorization: `token ${stage().sandbox.token}` } })).status, 204);
    const [one] = (await stage().listed("app")).packages;
    const gone = one?.versions.find(({ digest }) => digest === index);
    assert.deepEqual([gone?.id, gone?.verdict, gone?.restorableUntil, gone?.role], [id, "restorable", "2026-12-23", null]);
  });

  it("writes a file, and nothing to the terminal", async () => {
    const path = join(stage().folder, "plan.csv");
    const { stdout, code } = await stage().plan("--csv", "--output", path);
    assert.deepEqual([stdout, code], ["", 0]);
    assert.equal(readFileSync(path, "utf8").split("\r\n").length, 1 + 40 + 6 + 1);
    const refused = await stage().plan("--csv", "--output", join(stage().folder, "missing", "plan.csv"));
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /plan\.csv cannot be written: ENOENT.*Name another file after --output/);
  });

  it("plans an organisation's package as the whole organisation's policy does, and lists it alone", async () => {
    const { owner, package: _package, ...shared } = policyFor("acme/app");
    const organization = { owner, packages: ["*"], ...shared };
    const change = { "ghcr-retention:policies": undefined, "ghcr-retention:organizations": [organization] };
    const { stdout, code } = await stage().run(planCommand, ["--json", "app"], change);
    assert.equal(code, 0);
    const list = planListOf(stdout);
    assert.deepEqual(
      list.packages.map(({ package: name, plans }) => [name, plans.length]),
      [["acme/app", 1]],
    );
    const text = await stage().run(planCommand, [], change);
    assert.match(text.stdout, /\n2 packages with 46 versions: 18 planned; /);
    assert.match(text.stdout, /\n\nwhat is planned frees at most /);
  });

  describe("when something is wrong", () => {
    it("lists the packages that can be planned, and fails", async () => {
      const change = { "ghcr-retention:policies": [policyFor("acme/app"), policyFor("acme/gone")] };
      const { code, stdout, stderr } = await stage().run(planCommand, ["--json"], change);
      assert.equal(code, 1);
      assert.match(stderr, /^acme\/gone: not planned, so nothing of it is deleted: acme\/gone: GitHub answered 404/m);
      assert.deepEqual(
        planListOf(stdout).packages.map(({ versions, failure }) => [versions.length, failure?.slice(0, 9) ?? null]),
        [
          [40, null],
          [0, "acme/gone"],
        ],
      );
    });
    it("names the packages that the stack has", async () => {
      const { code, stderr } = await stage().plan("other");
      assert.equal(code, 1);
      assert.match(stderr, /no policy for other in the stack's config; there are: acme\/app, acme\/team\/web/);
    });
    it("wants one form at a time", async () => {
      const { code, stderr } = await stage().plan("--json", "--csv");
      assert.equal(code, 1);
      assert.match(stderr, /expected --json or --csv, not both/);
    });
  });
});
