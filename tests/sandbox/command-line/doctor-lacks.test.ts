import assert from "node:assert/strict";
import { doctorCommand } from "../../../components/command-line/doctor-command";
import { keepReleases } from "../../support/builders/policy";
import { captured } from "../../support/command-line/captured";
import { everyScope, onePolicy, policy, Report, twoPolicies, useDoctorStage } from "../../support/command-line/doctor-stage";

describe("what `ghcr-retention doctor` misses", function () {
  this.timeout(60_000);

  const stage = useDoctorStage();
  const { doctor } = stage;

  describe("where a scope is missing", () => {
    it("names it for all packages in one line, with the remedy", async () => {
      const { code, stdout } = await doctor(twoPolicies, { scopes: ["read:packages", "delete:packages"] });
      assert.equal(code, 1);
      assert.match(stdout, /^ {2}delete +unproven/m);
      assert.match(stdout, /^ {2}restore +no: the token has no scope write:packages$/m);
      assert.match(
        stdout,
        /^missing:\n {2}restore \(acme\/app, acme\/team\/web\): the token has no scope write:packages, so what it deletes it cannot restore: add write:packages, in the settings of its account under tokens \(classic\)\n/m,
      );
    });

    it("names all that are, also where the package cannot be read", async () => {
      const { code, stdout } = await doctor(onePolicy, { scopes: [] });
      assert.equal(code, 1);
      assert.match(stdout, /^GITHUB_TOKEN is a classic token of octocat, with no scope$/m);
      assert.match(stdout, /^ {2}list versions: acme\/app: GitHub answered 403: .*: the token has no scope; expected read:packages\.$/m);
      assert.match(stdout, /^ {2}delete \(acme\/app\): the token has no scope read:packages, delete:packages: add/m);
      assert.match(stdout, /^ {2}list deleted versions +not asked: the versions cannot be listed$/m);
    });

    it("asks for none that no policy needs", async () => {
      const keeping = { "ghcr-retention:policies": [{ ...policy, rules: [keepReleases] }] };
      const { code, stdout } = await doctor(keeping, { scopes: ["read:packages"] });
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^ {2}delete +no: the token has no scope delete:packages$/m);
      const restoring = { "ghcr-retention:policies": [{ ...policy, rules: [keepReleases], restore: ["pr-1"] }] };
      assert.match((await doctor(restoring, { scopes: ["read:packages"] })).stdout, /^missing:\n {2}restore \(acme\/app\)/m);
    });
  });

  describe("where the list of deleted versions is refused", () => {
    it("says what cannot be recovered without it", async () => {
      stage.sandbox.setSwitches({ deletedListsToReaders: false });
      const { code, stdout } = await doctor(onePolicy, { scopes: ["read:packages"] });
      assert.equal(code, 1);
      assert.match(stdout, /^ {2}list deleted versions +no$/m);
      assert.match(
        stdout,
        /^ {2}list deleted versions: acme\/app: GitHub answered 403: .* Without that list, what an apply deletes before it is killed enters no ledger/m,
      );
    });

    it("also of a package in which rules look for subjects", async () => {
      stage.sandbox.setSwitches({ deletedListsToReaders: false });
      const rules = [{ name: "drop-orphans", action: "delete", dangling: true, olderThan: "14d", subjectsIn: ["team/web"] }];
      const { stdout } = await doctor({ "ghcr-retention:policies": [{ ...policy, rules }] }, { scopes: ["read:packages"] });
      assert.match(stdout, /^ {2}list deleted versions: acme\/app: GitHub answered 403.* \(and the same for acme\/team\/web\)$/m);
      // Nothing else is done with that package.
      const [, lines = ""] = /^acme\/team\/web\n((?: {2}.*\n)+)/m.exec(stdout) ?? [];
      assert.match(lines, /^ {2}list versions +yes: 5 versions, .*\n {2}list deleted versions +no\n$/);
      assert.doesNotMatch(stdout, /(delete|restore) \(.*team\/web/);
    });
  });

  describe("for tokens that reach nothing", () => {
    for (const [what, token, words] of [
      ["fine-grained", { kind: "fine-grained" }, /^missing:\n {2}the token is a fine-grained one .* use a classic token \(ghp_…\)/m],
      ["wrong", "ghp_wrongwrong", /^missing:\n {2}the token's account: GitHub answered 401: Bad credentials\. Expected a valid token/m],
    ] as const) {
      it(`says what to use instead: ${what}`, async () => {
        const { code, stdout } = await doctor(onePolicy, token);
        assert.equal(code, 1);
        assert.match(stdout, words);
        assert.doesNotMatch(stdout, /wrongwrong|^acme/m);
      });
    }

    it("says how to reach an organisation that forbids classic tokens, or wants single sign-on", async () => {
      stage.sandbox.setOwner("acme", "Organization", "no-classic");
      const forbidden = await doctor(onePolicy);
      assert.equal(forbidden.code, 1);
      assert.match(forbidden.stdout, /^ {2}list versions: acme\/app: GitHub answered 403: .* Use the GITHUB_TOKEN of a workflow/m);
      stage.sandbox.setOwner("acme", "Organization", "single-sign-on");
      const unauthorised = await doctor(onePolicy);
      assert.equal(unauthorised.code, 1);
      assert.match(
        unauthorised.stdout,
        /Authorise the token for the organisation's single sign-on at https:\/\/github\.com\/orgs\/acme\/sso/,
      );
    });

    it("asks for one where there is none", async () => {
      const { code, stdout, stderr } = await captured(doctorCommand(), ["acme/app"], { GITHUB_TOKEN: undefined });
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^no token: set GITHUB_TOKEN/);
    });
  });

  describe("when the clocks differ", () => {
    for (const [seconds, words] of [
      [600, "10 minutes ahead of"],
      [-600, "10 minutes behind"],
    ] as const) {
      it(`says by how much, and what hangs on it: ${seconds} seconds`, async () => {
        stage.sandbox.advanceClock(seconds);
        const { code, stdout } = await doctor(onePolicy);
        assert.equal(code, 1);
        assert.match(stdout, new RegExp(`^missing:\\n  GitHub's clock is ${words} this machine's: set this machine's clock\\.`, "m"));
        const report = Report.parse(JSON.parse((await doctor(onePolicy, undefined, "--json")).stdout));
        assert.ok(Math.abs((report.clock?.aheadBySeconds ?? 0) - seconds) < 30);
      });
    }
    it("is content with a few seconds", async () => {
      stage.sandbox.advanceClock(20);
      const { code, stdout } = await doctor(onePolicy);
      assert.equal(code, 0);
      assert.match(stdout, /^GitHub's clock is (1\d|2\d) seconds ahead of this machine's$/m);
    });
  });

  describe("when the two servers differ", () => {
    it("names the tags that only one of them has", async () => {
      stage.sandbox.addFault({
        match: { surface: "registry", path: "/v2/acme/app/tags/list" },
        times: null,
        effect: { kind: "body", body: JSON.stringify({ name: "acme/app", tags: ["prod", "ghost"] }) },
      });
      const { code, stdout } = await doctor(onePolicy);
      assert.equal(code, 1);
      assert.match(
        stdout,
        /^ {2}acme\/app: on GitHub's list and not in the registry: pr-1; in the registry and not on GitHub's list: ghost\. An apply stops/m,
      );
    });

    it("follows the registry's pages", async () => {
      stage.sandbox.seed(Array.from({ length: 120 }, (_, place) => ({ package: "acme/many", tags: [`v${place}`] })));
      const { code, stdout } = await doctor({}, { scopes: everyScope }, "acme/many");
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^ {2}list tags +yes: 120 tags in the registry, 120 on GitHub's list$/m);
    });

    it("says how many versions were listed and counted", async () => {
      stage.sandbox.addFault({
        match: { surface: "api", pattern: "/packages/container/app$" },
        times: null,
        effect: { kind: "body", body: JSON.stringify({ id: 1, name: "app", version_count: 7 }) },
      });
      const { code, stdout } = await doctor(onePolicy);
      assert.equal(code, 1);
      assert.match(stdout, /^ {2}list versions: acme\/app: .*6 versions listed, 7 counted/m);
    });

    it("says that the registry does not know a version", async () => {
      stage.sandbox.addFault({
        match: { surface: "registry", path: "/manifests/" },
        times: null,
        effect: { kind: "status", status: 404, body: { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] } },
      });
      const { code, stdout } = await doctor(onePolicy);
      assert.equal(code, 1);
      assert.match(
        stdout,
        /^ {2}read a manifest: acme\/app@sha256:[0-9a-f]{64}: GitHub lists this version and the registry does not know it/m,
      );
    });
  });
});
