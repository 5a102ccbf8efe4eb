import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { reviewCommand } from "../../../components/command-line/review-command";
import { pushMultiArchImage, type Sandbox, startSandbox, type TokenRequest } from "../../../sandbox";
import { dropPullRequests, keepReleases } from "../../support/builders/policy";
import { printed } from "../../support/command-line/run";
import { emptyRecord, type StandInEngine, standInEngine, within } from "../../support/command-line/stand-in-engine";

const policy = { owner: "logto-io", package: "logto", rules: [dropPullRequests, keepReleases] };

describe("`ghcr-retention review`", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let folder: string;
  /** Where `pulumi` is, which exports the record of this test. */
  let path: string;

  let engine: StandInEngine;
  let leave: () => void;

  before(async () => {
    sandbox = await startSandbox({ now: "2026-10-01T00:00:00Z" });
    const target = { registryUrl: sandbox.registryUrl, token: sandbox.token, repository: "logto-io/logto" };
    await pushMultiArchImage(target, { seed: "prod", tags: ["prod"] });
    await pushMultiArchImage(target, { seed: "pr", tags: ["pr-1"] });
    sandbox.setClock("2026-11-23T05:00:00Z");
    folder = mkdtempSync(join(tmpdir(), "review-"));
    writeFileSync(join(folder, "none.json"), JSON.stringify({ steps: [], diagnostics: [] }));
    engine = standInEngine(folder);
    leave = within(folder);
  });
  after(async () => {
    leave();
    rmSync(folder, { recursive: true });
    await sandbox.close();
  });

  const environment = { ...process.env };
  beforeEach(() => {
    path = engine.path;
    engine.exports(emptyRecord);
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
    process.env.PATH = path;
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
    const unread =
      /> \[!CAUTION\]\n> the record of the stack prod could not be read \(`pulumi stack export`: (.+)\), so what waits, is approved/;

    it("fails, says why and what to do, and reviews all the same", async () => {
      path = "";
      const { code, stdout } = await review([]);
      assert.equal(code, 1, stdout);
      assert.match(unread.exec(stdout)?.[1] ?? "", /the Pulumi CLI was not found/);
      assert.match(stdout, /Sign in with `pulumi login` and check the name with `pulumi stack ls`, or pass the output of `pulumi preview/);
      assert.match(stdout, /waits for approval\*\*: delete 5 of 10 versions \(1 image\), keep 5, 0 withheld\./);
    });
    it("prints no line that approves or undoes, in no form, of no package and no organisation", async () => {
      path = "";
      const organization = { owner: "logto-io", packages: ["logto"], rules: policy.rules, limits: { percent: 60 } };
      for (const change of [{}, { "ghcr-retention:policies": undefined, "ghcr-retention:organizations": [organization] }]) {
        for (const form of ["--markdown", "--html", "--json"]) {
          const { stdout } = await review([form], change);
          assert.match(stdout, /\d{4}-\d{2}-\d{2}-[0-9a-f]{12}/);
          assert.doesNotMatch(stdout, /pulumi config set|"approveWith":|"undoWith":/);
        }
      }
    });
    it("does not leave it at nothing to delete, where all may be in grace only because the record is not there", async () => {
      path = "";
      const { code, stdout } = await review([], { "ghcr-retention:policies": [{ ...policy, grace: "7d" }] });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /\n## Retention of `prod`: 1 package, 1 error\n/);
      assert.match(stdout, unread);
    });
    it("fails where what `pulumi` exports is cut off, or of another form", async () => {
      for (const [exported, reason] of [
        ['{"deployment":{"resources":[', /JSON/],
        ['{"deployment":[]}', /^its answer is not understood: deployment: /],
      ] as const) {
        engine.exports(exported);
        const { code, stdout } = await review([]);
        assert.equal(code, 1, stdout);
        assert.match(unread.exec(stdout)?.[1] ?? "", reason);
      }
    });
  });

  describe("when the stack's record says what nobody can read", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "AAABAA" };
    const run = { owner: "logto-io", package: "logto", deletions: {}, plans: {} };
    const recorded = (inputs: object, outputs: object = {}) =>
      engine.exports(
        JSON.stringify({ deployment: { resources: [{ type: "pulumi-nodejs:dynamic/ghcr:RetentionPolicy", inputs, outputs }] } }),
      );

    it("fails, names the package and the field, and what to do", async () => {
      for (const [inputs, outputs, field] of [
        [{ ...run, deletions: secret, pending: secret }, {}, /pending\.id/],
        [{ owner: "logto-io", package: "logto" }, {}, /deletions/],
        [run, { ledger: "none" }, /ledger/],
        [run, { refused: { "sha256:0": secret } }, /refused/],
      ] as const) {
        recorded(inputs, outputs);
        const { code, stdout } = await review([]);
        assert.equal(code, 1, stdout);
        const [, said = ""] = /> Not reviewed, so nothing of it is deleted: (logto-io\/logto: .*)/.exec(stdout) ?? [];
        assert.match(said, /the record in the stack's state is not understood \(.*put the state back as it was/);
        assert.match(said, field);
      }
    });
    it("fails where it cannot tell of which package a record is", async () => {
      recorded({ ...run, owner: secret });
      const { code, stdout } = await review([]);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /> 1 policy on the stack's record has an owner or a package that cannot be read, such as a secret/);
    });
  });

  describe("when the stack's config declares no policy", () => {
    it("fails, and says what reviews those of a program", async () => {
      const { code, stdout } = await review([], { "ghcr-retention:policies": undefined });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /> the stack's config declares no policy: expected entries .*; `--preview` reviews what a program declares/);
    });
  });

  describe("when a saved preview is not of this stack, or not of all of it", () => {
    const type = "pulumi-nodejs:dynamic/ghcr:RetentionPolicy";
    function save(stack: string): string {
      const urn = `urn:pulumi:${stack}::shop::${type}::logto-io/cloud`;
      const inputs = { owner: "logto-io", package: "cloud", deletions: {}, plans: {} };
      const message = "nothing to delete: keep all 3 versions, 0 withheld";
      const file = join(folder, "saved.json");
      writeFileSync(
        file,
        JSON.stringify({ steps: [{ op: "same", urn, newState: { type, inputs } }], diagnostics: [{ urn, message, severity: "info" }] }),
      );
      return file;
    }

    it("fails, and names the packages of the config that it does not hold", async () => {
      const { code, stdout } = await review(["--preview", save("prod")]);
      assert.equal(code, 1, stdout);
      assert.match(
        stdout,
        /### `logto-io\/logto`\n\n> \[!CAUTION\]\n> Not reviewed.*: .*saved\.json holds no preview of it: .* without `--target`/,
      );
      assert.match(stdout, /- `logto-io\/cloud`: nothing to delete/);
    });
    it("fails, and names the stack that it is of", async () => {
      const { code, stdout } = await review(["--preview", save("dev")]);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /> .*saved\.json is a preview of the stack dev, not of prod: review it with `--stack dev`/);
    });
    it("takes the name from it where none is given", async () => {
      assert.match(
        await printed(reviewCommand(), ["--preview", save("staging")]),
        /^<!-- ghcr-retention:staging -->\n\n## Retention of `staging`: 1 package, nothing to delete\n/,
      );
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

  describe("when data or pictures are asked for", () => {
    it("writes the data to stdout", async () => {
      const { code, stdout } = await review(["--json"]);
      assert.equal(code, 0);
      const { schemaVersion, packages } = JSON.parse(stdout);
      assert.deepEqual([schemaVersion, packages[0].name, packages[0].versions.waiting], [1, "logto-io/logto", 5]);
    });
    it("writes the pictures beside the comment, which shows them where they are published", async () => {
      const pictures = join(folder, "pictures");
      const { stdout } = await review(["--pictures", pictures, "--picture-url", "https://pictures.example/{package}.svg"]);
      assert.match(stdout, /\n!\[The images of logto-io\/logto over time\]\(https:\/\/pictures\.example\/logto-io\/logto\.svg\)\n/);
      assert.match(
        readFileSync(join(pictures, "logto-io", "logto.svg"), "utf8"),
        /<desc [^>]*>2 images from 2026-10-01 to 2026-11-23: 1 waits for approval, 1 stays\./,
      );
    });
  });

  describe("when something is wrong with the command", () => {
    const none = () => join(folder, "none.json");
    it("says which", async () => {
      await refusal(/^expected one of --markdown, --html and --json: run it once for each$/, "--markdown", "--html", "--preview", none());
      await refusal(/^--picture-url belongs to the comment/, "--html", "--picture-url", "/{package}.svg", "--preview", none());
      await refusal(/^--picture-url x: expected a URL that begins with https:/, "--picture-url", "x", "--preview", none());
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
    it("fails where a saved preview is of no policy", async () => {
      const { code, stdout } = await review(["--preview", none()], { "ghcr-retention:policies": undefined });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /^<!-- ghcr-retention:prod -->\n\n## Retention of `prod`: 0 packages, 1 error\n/);
      assert.match(stdout, /none\.json holds no preview of a retention policy: expected what `pulumi preview --json --show-sames` printed/);
    });
  });

  describe("when all of that is done", () => {
    it("has only read", () => {
      const writes = sandbox.requests().filter(({ method, path }) => !["GET", "HEAD"].includes(method) && !path.startsWith("/v2/"));
      assert.deepEqual(writes, []);
    });
  });
});
