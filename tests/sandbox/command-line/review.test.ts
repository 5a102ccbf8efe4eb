import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { reviewCommand } from "../../../components/command-line/review-command";
import { pushMultiArchImage, type Sandbox, startSandbox, type TokenRequest } from "../../../sandbox";
import { dropPullRequests, keepReleases } from "../../support/builders/policy";
import { printed } from "../../support/command-line/run";

const policy = { owner: "logto-io", package: "logto", rules: [dropPullRequests, keepReleases] };

describe("`ghcr-retention review`", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let folder: string;

  before(async () => {
    sandbox = await startSandbox({ now: "2026-10-01T00:00:00Z" });
    const target = { registryUrl: sandbox.registryUrl, token: sandbox.token, repository: "logto-io/logto" };
    await pushMultiArchImage(target, { seed: "prod", tags: ["prod"] });
    await pushMultiArchImage(target, { seed: "pr", tags: ["pr-1"] });
    sandbox.setClock("2026-11-23T05:00:00Z");
    folder = mkdtempSync(join(tmpdir(), "review-"));
    writeFileSync(join(folder, "none.json"), JSON.stringify({ steps: [], diagnostics: [] }));
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await sandbox.close();
  });

  const environment = { ...process.env };
  beforeEach(() => {
    Object.assign(process.env, { GITHUB_TOKEN: sandbox.token, GHCR_RETENTION_CACHE: join(folder, "cache") });
  });
  afterEach(() => {
    for (const name of ["GITHUB_TOKEN", "GHCR_RETENTION_CACHE", "PATH"]) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
  });

  /** What it prints, and the exit code that it leaves. */
  async function review(args: readonly string[], change: object = {}): Promise<{ code: number; stdout: string }> {
    const servers = { "ghcr-retention:githubApiUrl": sandbox.githubApiUrl, "ghcr-retention:registryUrl": sandbox.registryUrl };
    const config = { ...servers, "ghcr-retention:policies": [policy], ...change };
    const file = join(folder, "Pulumi.prod.yaml");
    writeFileSync(file, stringify({ config }));
    // Without any `pulumi` there is no record.
    process.env.PATH = "";
    const before = process.exitCode;
    process.exitCode = 0;
    try {
      const stdout = await printed(reviewCommand(), ["--stack", "prod", "--config-file", file, ...args]);
      return { code: Number(process.exitCode), stdout };
    } finally {
      process.exitCode = before;
    }
  }

  function refusal(error: RegExp, ...args: readonly string[]): Promise<void> {
    return assert.rejects(printed(reviewCommand(), args), ({ message }: Error) => error.test(message));
  }

  describe("when the stack's record cannot be had", () => {
    it("says that ids may be others, in the text as well, and reviews all the same", async () => {
      const { code, stdout } = await review([]);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /> \[!NOTE\]\n> the stack's record could not be read, so a plan that waits already may have another id here/);
      assert.match(stdout, /waits for approval\*\*: delete 5 of 10 versions \(1 image\), keep 5, 0 withheld\./);
    });
  });

  describe("when a package cannot be looked at", () => {
    const organization = { owner: "logto-io", packages: ["logto", "gone"], rules: [dropPullRequests], onError: "warn" };
    it("reviews the others, and fails at the end", async () => {
      const { code, stdout } = await review([], { "ghcr-retention:policies": [policy, { ...policy, package: "gone" }] });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /> Not reviewed, so nothing of it is deleted: logto-io\/gone: GitHub answered 404/);
      assert.match(stdout, /waits for approval/);
    });
    it("does not fail where the organisation's policy says so", async () => {
      const { code, stdout } = await review([], { "ghcr-retention:policies": undefined, "ghcr-retention:organizations": [organization] });
      assert.equal(code, 0, stdout);
      assert.match(stdout, /> Not reviewed, so nothing of it is deleted: logto-io\/gone: GitHub answered 404/);
    });
  });

  describe("when a package has two policies", () => {
    it("says that a preview refuses that", async () => {
      const organization = { owner: "logto-io", packages: ["logto"], rules: [dropPullRequests] };
      const { code, stdout } = await review([], { "ghcr-retention:organizations": [organization] });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /> logto-io\/logto has more than one policy in the stack's config: `pulumi preview` refuses that/);
    });
  });

  describe("when the token cannot do what the plan may ask of it", () => {
    afterEach(() => sandbox.setSwitches({ deletedListsToReaders: true }));
    const cannotUndo = /this run's token may delete but not restore, since it has no scope write:packages/;
    const unlisted = /GitHub does not show this run's token the deleted versions \(.*GitHub answered 403: You need at least/;

    it("says that nothing can be undone with one that may delete and not restore", async () => {
      process.env.GITHUB_TOKEN = sandbox.createToken({ scopes: ["read:packages", "delete:packages"] });
      assert.match((await review([])).stdout, cannotUndo);
      process.env.GITHUB_TOKEN = sandbox.token;
      assert.doesNotMatch((await review([])).stdout, cannotUndo);
    });

    it("says nothing of undoing with one that may only preview, or whose permissions GitHub does not tell", async () => {
      const tokens: TokenRequest[] = [{ scopes: ["read:packages"] }, { kind: "installation" }];
      for (const token of tokens) {
        process.env.GITHUB_TOKEN = sandbox.createToken(token);
        assert.doesNotMatch((await review([])).stdout, cannotUndo);
      }
    });

    it("says what cannot be recovered where it is not shown the deleted versions", async () => {
      sandbox.setSwitches({ deletedListsToReaders: false });
      process.env.GITHUB_TOKEN = sandbox.createToken({ scopes: ["read:packages"] });
      const { stdout } = await review([]);
      assert.match(stdout, unlisted);
      assert.match(stdout, /what an apply deletes before it is killed enters no ledger/);
    });

    it("says neither where the plan deletes nothing", async () => {
      sandbox.setSwitches({ deletedListsToReaders: false });
      const keeping = { "ghcr-retention:policies": [{ ...policy, rules: [keepReleases] }] };
      for (const scopes of [["read:packages", "delete:packages"], ["read:packages"]]) {
        process.env.GITHUB_TOKEN = sandbox.createToken({ scopes });
        const { stdout } = await review([], keeping);
        assert.doesNotMatch(stdout, cannotUndo);
        assert.doesNotMatch(stdout, unlisted);
      }
    });

    it("asks GitHub for nothing more than for a token that can", async () => {
      const requests = async (scopes: string[]) => {
        process.env.GITHUB_TOKEN = sandbox.createToken({ scopes });
        sandbox.clearRequests();
        await review([]);
        return sandbox.requests().length;
      };
      await requests(["read:packages"]);
      assert.equal(
        await requests(["read:packages", "delete:packages"]),
        await requests(["read:packages", "delete:packages", "write:packages"]),
      );
    });
  });

  describe("when a page is asked for", () => {
    it("writes it, with all versions in it", async () => {
      const { stdout } = await review(["--html"]);
      assert.match(stdout, /^<!doctype html>\n/);
      const data = JSON.parse(/<script type="application\/json" id="data">(.*)<\/script>/.exec(stdout)?.[1] ?? "");
      assert.equal(data.packages[0].nodes.length, 10);
    });
  });

  describe("when something is wrong with the command", () => {
    const none = () => join(folder, "none.json");
    it("says which", async () => {
      await refusal(/^expected --markdown or --html, not both/, "--markdown", "--html", "--preview", none());
      await refusal(/^no\.json cannot be read: expected a file after --preview$/, "--preview", "no.json");
      await refusal(/^no\.md cannot be read: expected a file after --previous$/, "--preview", none(), "--previous", "no.md");
      await refusal(/^Pulumi\.none\.yaml cannot be read: name the stack with --stack/, "--stack", "none");
    });
    it("asks for a token, or for a saved preview", async () => {
      delete process.env.GITHUB_TOKEN;
      writeFileSync(join(folder, "empty.yaml"), "config: {}\n");
      await refusal(
        /^no token: set GITHUB_TOKEN; this command needs the scope read:packages\. `--preview` reviews the output of/,
        "--config-file",
        join(folder, "empty.yaml"),
      );
    });
    it("reviews no package where there is none", async () => {
      assert.match(
        await printed(reviewCommand(), ["--preview", none()]),
        /^<!-- ghcr-retention:dev -->\n\n## Retention of `dev`: 0 packages, nothing to delete\n/,
      );
    });
  });

  describe("when all of that is done", () => {
    it("has only read", () => {
      const writes = sandbox.requests().filter(({ method, path }) => !["GET", "HEAD"].includes(method) && !path.startsWith("/v2/"));
      assert.deepEqual(writes, []);
    });
  });
});
