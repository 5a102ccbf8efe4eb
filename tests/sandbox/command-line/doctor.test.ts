import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { doctorCommand } from "../../../components/command-line/doctor-command";
import { type Sandbox, startSandbox, type TokenRequest } from "../../../sandbox";
import { dropPullRequests, keepReleases } from "../../support/builders/policy";
import { captured } from "../../support/command-line/captured";
import { control } from "../../support/emulator/calls";
import { PackageWorld, small } from "../../support/engine/world";

const policy = { owner: "acme", package: "app", rules: [dropPullRequests, keepReleases] };
const policies = { "ghcr-retention:policies": [policy] };
const everything = ["read:packages", "write:packages", "delete:packages"];

const Report = z.object({
  token: z.object({ from: z.string(), kind: z.string(), login: z.string().optional(), scopes: z.array(z.string()).optional() }),
  clock: z.object({ aheadBySeconds: z.int() }).optional(),
  subjects: z.array(
    z.object({
      name: z.string(),
      findings: z.array(z.object({ ability: z.string(), verdict: z.string(), needed: z.boolean(), message: z.string() })),
    }),
  ),
  missing: z.array(z.object({ kind: z.string(), subjects: z.array(z.string()), message: z.string() })),
});

describe("`ghcr-retention doctor`", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let folder: string;

  beforeEach(async () => {
    sandbox = await startSandbox({ now: new Date().toISOString() });
    await new PackageWorld(sandbox, "acme/app").deploy(small);
    await new PackageWorld(sandbox, "acme/team/web").deploy({ only: { days: 3, tags: ["latest"] } });
    await new PackageWorld(sandbox, "octocat/own").deploy({ only: { days: 3, tags: ["latest"] } });
    sandbox.setOwner("octocat", "User");
    await control(sandbox, "POST clock", { now: new Date().toISOString(), running: true });
    sandbox.clearRequests();
    folder = mkdtempSync(join(tmpdir(), "doctor-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await sandbox.close();
  });

  /** What it prints for a stack whose config has these keys, with a token. */
  function doctor(config: object, token: TokenRequest | string = { scopes: everything }, ...args: readonly string[]) {
    const servers = { "ghcr-retention:githubApiUrl": sandbox.githubApiUrl, "ghcr-retention:registryUrl": sandbox.registryUrl };
    const file = join(folder, "Pulumi.dev.yaml");
    writeFileSync(file, stringify({ config: { ...servers, ...config } }));
    const GITHUB_TOKEN = typeof token === "string" ? token : sandbox.createToken(token);
    return captured(doctorCommand(), ["--config-file", file, ...args], { GITHUB_TOKEN });
  }

  /** The verdicts about a package, by ability. */
  async function verdicts(name: string, token: TokenRequest | string, ...args: readonly string[]): Promise<Record<string, string>> {
    const { stdout } = await doctor(policies, token, ...args, "--json");
    const { subjects } = Report.parse(JSON.parse(stdout));
    const findings = subjects.find((subject) => subject.name === name)?.findings ?? [];
    return Object.fromEntries(findings.map(({ ability, verdict }) => [ability, verdict]));
  }

  describe("for a stack whose token has all that the policies need", () => {
    it("says so, with what each request found", async () => {
      const { code, stdout, stderr } = await doctor(policies);
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
      const { stdout } = await doctor(policies);
      assert.match(
        stdout,
        /^ {2}delete +unproven: the scopes suffice, and GitHub does not tell the role on the package; Admin is needed$/m,
      );
      assert.match(stdout, /^unproven until it is done: delete \(acme\/app\), restore \(acme\/app\)$/m);
    });

    it("reads only, and one manifest of all packages", async () => {
      await doctor({ "ghcr-retention:policies": [policy, { ...policy, package: "team/web" }] });
      const requests = sandbox.requests().map(({ method, path }) => `${method} ${path}`);
      assert.deepEqual(
        requests.filter((request) => !request.startsWith("GET ")),
        [],
      );
      assert.equal(requests.filter((request) => request.includes("/manifests/")).length, 1);
      // The account, the sign-in, the owner and one manifest; of each package its count, its list with the first page again, what was deleted, its tags.
      assert.equal(requests.length, 4 + 2 * 5);
    });

    it("sees deleted versions, and whether GitHub says when they went", async () => {
      const [version] = sandbox.package("acme/app")?.versions.filter(({ tags }) => tags.length === 0) ?? [];
      await fetch(`${sandbox.githubApiUrl}/orgs/acme/packages/container/app/versions/${version?.id}`, {
        method: "DELETE",
        headers: { authorization: `token ${sandbox.token}` },
      });
      assert.match((await doctor(policies)).stdout, /^ {2}list deleted versions +yes: 1 version that GitHub can restore$/m);
      sandbox.setSwitches({ deletedListsTimes: false });
      assert.match(
        (await doctor(policies)).stdout,
        /1 version that GitHub can restore\. GitHub does not say when .* `restore` finds nothing by a time/,
      );
    });
  });

  it("prints what its page shows", async () => {
    const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "doctor.md"), "utf8");
    const [, shown] = /```text\n([^`]+)```/.exec(page) ?? [];
    const { stdout } = await doctor(policies, { scopes: ["read:packages", "delete:packages"] });
    assert.equal(stdout, shown);
  });

  describe("where roles are told", () => {
    it("proves deleting and restoring for a user's own package", async () => {
      const { code, stdout } = await doctor({}, { scopes: everything }, "octocat/own");
      assert.equal(code, 0);
      for (const ability of ["delete", "restore"]) {
        assert.match(stdout, new RegExp(`^  ${ability} +yes: the scopes suffice, and the package is the account's own$`, "m"));
      }
      assert.doesNotMatch(stdout, /unproven/);
    });

    it("proves them for an owner of the organisation, and for no other member", async () => {
      const asOwner: TokenRequest = { scopes: [...everything, "read:org"], organizationRole: "admin" };
      const { delete: ofOwner, restore } = await verdicts("acme/app", asOwner);
      assert.deepEqual([ofOwner, restore], ["yes", "yes"]);
      const { delete: ofMember } = await verdicts("acme/app", { ...asOwner, organizationRole: "member" });
      assert.equal(ofMember, "unproven");
      // Without the scope nothing is asked.
      sandbox.clearRequests();
      const { delete: untold } = await verdicts("acme/app", { scopes: everything, organizationRole: "admin" });
      assert.equal(untold, "unproven");
      assert.deepEqual(
        sandbox.requests().filter(({ path }) => path.includes("memberships")),
        [],
      );
    });

    it("proves nothing for GITHUB_TOKEN, whose permissions GitHub does not tell", async () => {
      const { code, stdout } = await doctor(policies, { kind: "installation" });
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

  describe("where a scope is missing", () => {
    it("names it for all packages in one line, with the remedy", async () => {
      const both = { "ghcr-retention:policies": [policy, { ...policy, package: "team/web" }] };
      const { code, stdout } = await doctor(both, { scopes: ["read:packages", "delete:packages"] });
      assert.equal(code, 1);
      assert.match(stdout, /^ {2}delete +unproven/m);
      assert.match(stdout, /^ {2}restore +no: the token has no scope write:packages$/m);
      assert.match(
        stdout,
        /^missing:\n {2}restore \(acme\/app, acme\/team\/web\): the token has no scope write:packages, so what it deletes it cannot restore: add write:packages, in the settings of its account under tokens \(classic\)\n/m,
      );
    });

    it("names all that are, also where the package cannot be read", async () => {
      const { code, stdout } = await doctor(policies, { scopes: [] });
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
      sandbox.setSwitches({ deletedListsToReaders: false });
      const { code, stdout } = await doctor(policies, { scopes: ["read:packages"] });
      assert.equal(code, 1);
      assert.match(stdout, /^ {2}list deleted versions +no$/m);
      assert.match(
        stdout,
        /^ {2}list deleted versions: acme\/app: GitHub answered 403: .* Without that list, what an apply deletes before it is killed enters no ledger/m,
      );
    });

    it("also of a package in which rules look for subjects", async () => {
      sandbox.setSwitches({ deletedListsToReaders: false });
      const rules = [{ name: "drop-orphans", action: "delete", dangling: true, olderThan: "14d", subjectsIn: ["team/web"] }];
      const { stdout } = await doctor({ "ghcr-retention:policies": [{ ...policy, rules }] }, { scopes: ["read:packages"] });
      assert.match(stdout, /^ {2}list deleted versions: acme\/team\/web: GitHub answered 403/m);
      assert.doesNotMatch(stdout, /^ {2}delete \(.*team\/web/m);
    });
  });

  describe("for tokens that reach nothing", () => {
    for (const [what, token, words] of [
      ["fine-grained", { kind: "fine-grained" }, /^missing:\n {2}the token is a fine-grained one .* use a classic token \(ghp_…\)/m],
      ["wrong", "ghp_wrongwrong", /^missing:\n {2}the token: GitHub answered 401: Bad credentials\. Expected a valid token/m],
    ] as const) {
      it(`says what to use instead: ${what}`, async () => {
        const { code, stdout } = await doctor(policies, token);
        assert.equal(code, 1);
        assert.match(stdout, words);
        assert.doesNotMatch(stdout, /wrongwrong|^acme/m);
      });
    }

    it("says how to reach an organisation that forbids classic tokens, or wants single sign-on", async () => {
      sandbox.setOwner("acme", "Organization", "no-classic");
      const forbidden = await doctor(policies);
      assert.equal(forbidden.code, 1);
      assert.match(forbidden.stdout, /^ {2}list versions: acme\/app: GitHub answered 403: .* Use the GITHUB_TOKEN of a workflow/m);
      sandbox.setOwner("acme", "Organization", "single-sign-on");
      const unauthorised = await doctor(policies);
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
        sandbox.advanceClock(seconds);
        const { code, stdout } = await doctor(policies);
        assert.equal(code, 1);
        assert.match(stdout, new RegExp(`^missing:\\n  GitHub's clock is ${words} this machine's: set this machine's clock\\.`, "m"));
        const report = Report.parse(JSON.parse((await doctor(policies, undefined, "--json")).stdout));
        assert.ok(Math.abs((report.clock?.aheadBySeconds ?? 0) - seconds) < 30);
      });
    }
    it("is content with a few seconds", async () => {
      sandbox.advanceClock(20);
      const { code, stdout } = await doctor(policies);
      assert.equal(code, 0);
      assert.match(stdout, /^GitHub's clock is (1\d|2\d) seconds ahead of this machine's$/m);
    });
  });

  describe("when the two servers differ", () => {
    it("names the tags that only one of them has", async () => {
      sandbox.addFault({
        match: { surface: "registry", path: "/v2/acme/app/tags/list" },
        times: null,
        effect: { kind: "body", body: JSON.stringify({ name: "acme/app", tags: ["prod", "ghost"] }) },
      });
      const { code, stdout } = await doctor(policies);
      assert.equal(code, 1);
      assert.match(
        stdout,
        /^ {2}acme\/app: on GitHub's list and not in the registry: pr-1; in the registry and not on GitHub's list: ghost\. An apply stops/m,
      );
    });

    it("follows the registry's pages", async () => {
      sandbox.seed(Array.from({ length: 120 }, (_, place) => ({ package: "acme/many", tags: [`v${place}`] })));
      const { code, stdout } = await doctor({}, { scopes: everything }, "acme/many");
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^ {2}list tags +yes: 120 tags in the registry, 120 on GitHub's list$/m);
    });

    it("says how many versions were listed and counted", async () => {
      sandbox.addFault({
        match: { surface: "api", pattern: "/packages/container/app$" },
        times: null,
        effect: { kind: "body", body: JSON.stringify({ id: 1, name: "app", version_count: 7 }) },
      });
      const { code, stdout } = await doctor(policies);
      assert.equal(code, 1);
      assert.match(stdout, /^ {2}list versions: acme\/app: .*6 versions listed, 7 counted/m);
    });

    it("says that the registry does not know a version", async () => {
      sandbox.addFault({
        match: { surface: "registry", path: "/manifests/" },
        times: null,
        effect: { kind: "status", status: 404, body: { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] } },
      });
      const { code, stdout } = await doctor(policies);
      assert.equal(code, 1);
      assert.match(
        stdout,
        /^ {2}read a manifest: acme\/app@sha256:[0-9a-f]{64}: GitHub lists this version and the registry does not know it/m,
      );
    });
  });

  describe("for an owner", () => {
    it("looks at all of its packages, without a stack", async () => {
      const { code, stdout } = await doctor({}, { scopes: everything }, "--owner", "acme");
      assert.equal(code, 0);
      assert.match(stdout, /^acme\n {2}list packages {2}yes: 2 packages$/m);
      assert.match(stdout, /^acme\/team\/web\n {2}list versions +yes: 5 versions/m);
    });

    it("says that a workflow's token cannot list them", async () => {
      const { code, stdout } = await doctor({}, { kind: "installation" }, "--owner", "acme");
      assert.equal(code, 1);
      assert.match(stdout, /^ {2}list packages {2}no$/m);
      assert.match(stdout, /^ {2}list packages: acme: GitHub answered 400: Invalid argument\. .* name the packages one by one/m);
    });

    it("is not content with one that has none", async () => {
      const { code, stdout } = await doctor({}, { scopes: everything }, "--owner", "nobody");
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
        const { code, stdout, stderr } = await doctor(policies, undefined, ...args);
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
      const token = sandbox.createToken({ scopes: ["read:packages", "delete:packages"] });
      const { code, stdout } = await doctor(policies, token, "--json");
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
