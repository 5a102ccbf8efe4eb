import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TokenRequest } from "../../../sandbox";
import { dropPullRequests } from "../../support/builders/policy";
import { everyScope, onePolicy, Report, twoPolicies, useDoctorStage } from "../../support/command-line/doctor-stage";

describe("`ghcr-retention doctor`", function () {
  this.timeout(60_000);

  const stage = useDoctorStage();
  const { doctor } = stage;

  /** The verdicts about a package, by ability. */
  async function verdicts(name: string, token: TokenRequest | string, ...args: readonly string[]): Promise<Record<string, string>> {
    const { stdout } = await doctor(onePolicy, token, ...args, "--json");
    const { subjects } = Report.parse(JSON.parse(stdout));
    const findings = subjects.find((subject) => subject.name === name)?.findings ?? [];
    return Object.fromEntries(findings.map(({ ability, verdict }) => [ability, verdict]));
  }

  describe("for a stack whose token has all that the policies need", () => {
    it("says so, with what each request found", async () => {
      const { code, stdout, stderr } = await doctor(onePolicy);
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^GITHUB_TOKEN is a classic token of octocat, with delete:packages, read:packages, write:packages\n/);
      assert.match(stdout, /^GitHub's clock and this machine's agree$/m);
      assert.match(stdout, /^the registry\n {2}sign in {2}yes$/m);
      assert.match(stdout, /^acme\/app\n {2}list versions +yes: 6 versions, as many as GitHub counts$/m);
      assert.match(stdout, /^ {2}list deleted versions +yes: 0 versions that GitHub can restore$/m);
      assert.match(stdout, /^ {2}list tags +yes: 2 tags in the registry, 2 on GitHub's list$/m);
      assert.match(stdout, /^ {2}read a manifest +yes: prod$/m);
      assert.match(stdout, /^nothing is missing$/m);
    });

    it("calls deleting and restoring unproven where GitHub does not tell the role", async () => {
      const { stdout } = await doctor(onePolicy);
      assert.match(
        stdout,
        /^ {2}delete +unproven: the scopes suffice, and GitHub does not tell the role on the package; Admin is needed$/m,
      );
      assert.match(stdout, /^unproven until it is done: delete \(acme\/app\), restore \(acme\/app\)$/m);
    });

    it("reads only, and one manifest of all packages", async () => {
      await doctor(twoPolicies);
      const requests = stage.sandbox.requests().map(({ method, path }) => `${method} ${path}`);
      assert.deepEqual(
        requests.filter((request) => !request.startsWith("GET ")),
        [],
      );
      assert.equal(requests.filter((request) => request.includes("/manifests/")).length, 1);
      // The account, the sign-in, the owner and one manifest; of each package its count, its list with the first page again, what was deleted, its tags.
      assert.equal(requests.length, 4 + 2 * 5);
    });

    it("sees deleted versions, and whether GitHub says when they went", async () => {
      const [version] = stage.sandbox.package("acme/app")?.versions.filter(({ tags }) => tags.length === 0) ?? [];
      await fetch(`${stage.sandbox.githubApiUrl}/orgs/acme/packages/container/app/versions/${version?.id}`, {
        method: "DELETE",
        headers: { authorization: `token ${stage.sandbox.token}` },
      });
      assert.match((await doctor(onePolicy)).stdout, /^ {2}list deleted versions +yes: 1 version that GitHub can restore$/m);
      stage.sandbox.setSwitches({ deletedListsTimes: false });
      assert.match(
        (await doctor(onePolicy)).stdout,
        /1 version that GitHub can restore\. GitHub does not say when .* `restore` finds nothing by a time/,
      );
    });
  });

  it("prints what its page shows", async () => {
    const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "doctor.md"), "utf8");
    const [, shown] = /```text\n([^`]+)```/.exec(page) ?? [];
    const { stdout } = await doctor(onePolicy, { scopes: ["read:packages", "delete:packages"] });
    assert.equal(stdout, shown);
  });

  describe("where roles are told", () => {
    it("proves deleting and restoring for a user's own package", async () => {
      const { code, stdout } = await doctor({}, { scopes: everyScope }, "octocat/own");
      assert.equal(code, 0);
      for (const ability of ["delete", "restore"]) {
        assert.match(stdout, new RegExp(`^  ${ability} +yes: the scopes suffice, and the package is the account's own$`, "m"));
      }
      assert.doesNotMatch(stdout, /unproven/);
    });

    it("proves them for an owner of the organisation, and for no other member", async () => {
      const asOwner: TokenRequest = { scopes: [...everyScope, "read:org"], organizationRole: "admin" };
      const { delete: ofOwner, restore } = await verdicts("acme/app", asOwner);
      assert.deepEqual([ofOwner, restore], ["yes", "yes"]);
      const { delete: ofMember } = await verdicts("acme/app", { ...asOwner, organizationRole: "member" });
      assert.equal(ofMember, "unproven");
      // Without the scope nothing is asked.
      stage.sandbox.clearRequests();
      const { delete: untold } = await verdicts("acme/app", { scopes: everyScope, organizationRole: "admin" });
      assert.equal(untold, "unproven");
      assert.deepEqual(
        stage.sandbox.requests().filter(({ path }) => path.includes("memberships")),
        [],
      );
    });

    it("proves nothing for GITHUB_TOKEN, whose permissions GitHub does not tell", async () => {
      const { code, stdout } = await doctor(onePolicy, { kind: "installation" });
      assert.equal(code, 0);
      assert.match(
        stdout,
        /^GITHUB_TOKEN is the token of a GitHub App, such as GITHUB_TOKEN of a workflow, whose permissions GitHub does not tell$/m,
      );
      assert.match(
        stdout,
        /^ {2}delete +unproven: GitHub tells neither the token's permissions nor its role on the package; Admin is needed$/m,
      );
    });
  });

  describe("for an owner", () => {
    it("looks at all of its packages, without a stack", async () => {
      const { code, stdout } = await doctor({}, { scopes: everyScope }, "--owner", "acme");
      assert.equal(code, 0);
      assert.match(stdout, /^acme\n {2}list packages {2}yes: 2 packages$/m);
      assert.match(stdout, /^2 packages: acme\/app, acme\/team\/web\n {2}list versions +yes: 11 versions, as many as GitHub counts\n/m);
    });

    it("says that a workflow's token cannot list them", async () => {
      const { code, stdout } = await doctor({}, { kind: "installation" }, "--owner", "acme");
      assert.equal(code, 1);
      assert.match(stdout, /^ {2}list packages {2}no$/m);
      assert.match(stdout, /^ {2}list packages: acme: GitHub answered 400: Invalid argument\. .* name the packages one by one/m);
    });

    it("is not content with one that has none", async () => {
      const { code, stdout } = await doctor({}, { scopes: everyScope }, "--owner", "nobody");
      assert.equal(code, 1);
      assert.match(stdout, /^missing:\n {2}nobody: none of the 0 packages that GitHub lists to this token is selected: check/m);
    });
  });

  describe("for organisations of a stack", () => {
    const organization = { owner: "acme", rules: [dropPullRequests] };

    it("asks for the list of packages only where patterns need it", async () => {
      const named = { "ghcr-retention:organizations": [{ ...organization, packages: ["app", "team/web"] }] };
      const { code, stdout } = await doctor(named, { kind: "installation" });
      assert.equal(code, 0, stdout);
      assert.doesNotMatch(stdout, /list packages/);
      const patterns = { "ghcr-retention:organizations": [{ ...organization, packages: ["team/*"] }] };
      assert.match((await doctor(patterns, { kind: "installation" })).stdout, /^missing:\n {2}list packages: acme: /m);
      const selected = (await doctor(patterns)).stdout;
      assert.match(selected, /^acme\/team\/web$/m);
      assert.doesNotMatch(selected, /^acme\/app$/m);
    });
  });

  describe("when it is asked wrongly", () => {
    for (const [what, args, words] of [
      ["both", ["acme/app", "--owner", "acme"], /^expected a package or --owner, not both$/m],
      ["a package without a policy or an owner", ["other"], /^no policy for other in the stack's config; there are: acme\/app$/m],
    ] as const) {
      it(`says what was expected: ${what}`, async () => {
        const { code, stdout, stderr } = await doctor(onePolicy, undefined, ...args);
        assert.deepEqual([code, stdout], [1, ""]);
        assert.match(stderr, words);
      });
    }

    it("says so for a stack that declares nothing", async () => {
      const { code, stderr } = await doctor({});
      assert.equal(code, 1);
      assert.match(stderr, /^the stack's config declares no policy: .* Or name an owner with --owner, or a package$/m);
    });
  });

  describe("as data", () => {
    it("has all of it, and no token", async () => {
      const token = stage.sandbox.createToken({ scopes: ["read:packages", "delete:packages"] });
      const { code, stdout } = await doctor(onePolicy, token, "--json");
      assert.equal(code, 1);
      assert.ok(!stdout.includes(token));
      const { token: told, subjects, missing } = Report.parse(JSON.parse(stdout));
      assert.deepEqual(told, { from: "GITHUB_TOKEN", kind: "classic", login: "octocat", scopes: ["delete:packages", "read:packages"] });
      assert.deepEqual(
        subjects.map(({ name }) => name),
        ["registry", "acme/app"],
      );
      assert.deepEqual(
        missing.map(({ kind, subjects }) => [kind, subjects]),
        [["scopes", ["acme/app"]]],
      );
    });
  });
});
