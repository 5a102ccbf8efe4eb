import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dropPullRequests } from "../../support/builders/policy";
import { policy, ReviewStage } from "../../support/command-line/review-stage";
import { writesTo } from "../../support/emulator/writes";
import { useStage } from "../../support/use-stage";

describe("`ghcr-retention review`", function () {
  this.timeout(60_000);

  const stage = useStage(() => ReviewStage.open());
  beforeEach(() => stage().reset());

  async function refusal(error: RegExp, ...args: readonly string[]): Promise<void> {
    const { code, failure } = await stage().run(...args);
    assert.equal(code, 1);
    assert.match(failure, error);
  }

  describe("when the stack's config declares no policy", () => {
    it("fails, and says what reviews those of a program", async () => {
      const { code, stdout } = await stage().review([], { "ghcr-retention:policies": undefined });
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
      const file = join(stage().folder, "saved.json");
      writeFileSync(
        file,
        JSON.stringify({ steps: [{ op: "same", urn, newState: { type, inputs } }], diagnostics: [{ urn, message, severity: "info" }] }),
      );
      return file;
    }

    it("fails, and names the packages of the config that it does not hold", async () => {
      const { code, stdout } = await stage().review(["--preview", save("prod")]);
      assert.equal(code, 1, stdout);
      assert.match(
        stdout,
        /### `logto-io\/logto`\n\n> \[!CAUTION\]\n> Not reviewed.*: .*saved\.json holds no preview of it: .* without `--target`/,
      );
      assert.match(stdout, /- `logto-io\/cloud`: nothing to delete/);
    });
    it("fails, and names the stack that it is of", async () => {
      const { code, stdout } = await stage().review(["--preview", save("dev")]);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /> .*saved\.json is a preview of the stack dev, not of prod: review it with `--stack dev`/);
    });
    it("takes the name from it where none is given", async () => {
      const { stdout } = await stage().run("--preview", save("staging"));
      assert.match(stdout, /^<!-- ghcr-retention:staging -->\n\n## Retention of `staging`: 1 package, nothing to delete\n/);
    });
  });

  describe("when a package cannot be looked at", () => {
    const organization = { owner: "logto-io", packages: ["logto", "gone"], rules: [dropPullRequests], onError: "warn" };
    it("reviews the others, and fails at the end", async () => {
      const { code, stdout } = await stage().review([], { "ghcr-retention:policies": [policy, { ...policy, package: "gone" }] });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /> Not reviewed, so nothing of it is deleted: logto-io\/gone: GitHub answered 404/);
      assert.match(stdout, /waits for approval/);
    });
    it("does not fail where the organisation's policy says so", async () => {
      const { code, stdout } = await stage().review([], {
        "ghcr-retention:policies": undefined,
        "ghcr-retention:organizations": [organization],
      });
      assert.equal(code, 0, stdout);
      assert.match(stdout, /> Not reviewed, so nothing of it is deleted: logto-io\/gone: GitHub answered 404/);
    });
  });

  describe("when a package has two policies", () => {
    it("says that a preview refuses that", async () => {
      const organization = { owner: "logto-io", packages: ["logto"], rules: [dropPullRequests] };
      const { code, stdout } = await stage().review([], { "ghcr-retention:organizations": [organization] });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /> logto-io\/logto has more than one policy in the stack's config: `pulumi preview` refuses that/);
    });
  });

  describe("when a page is asked for", () => {
    it("writes it, with all versions in it", async () => {
      const { stdout } = await stage().review(["--html"]);
      assert.match(stdout, /^<!doctype html>\n/);
      const data = JSON.parse(/<script type="application\/json" id="data">(.*)<\/script>/.exec(stdout)?.[1] ?? "");
      assert.equal(data.packages[0].nodes.length, 10);
    });
  });

  describe("when data or pictures are asked for", () => {
    it("writes the data to stdout", async () => {
      const { code, stdout } = await stage().review(["--json"]);
      assert.equal(code, 0);
      const { schemaVersion, packages } = JSON.parse(stdout);
      assert.deepEqual([schemaVersion, packages[0].name, packages[0].versions.waiting], [1, "logto-io/logto", 5]);
    });
    it("writes the pictures beside the comment, which shows them where they are published", async () => {
      const pictures = join(stage().folder, "pictures");
      const { stdout } = await stage().review(["--pictures", pictures, "--picture-url", "https://pictures.example/{package}.svg"]);
      assert.match(stdout, /\n!\[The images of logto-io\/logto over time\]\(https:\/\/pictures\.example\/logto-io\/logto\.svg\)\n/);
      assert.match(
        readFileSync(join(pictures, "logto-io", "logto.svg"), "utf8"),
        /<desc [^>]*>2 images from 2026-10-01 to 2026-11-23: 1 waits for approval, 1 stays\./,
      );
    });
  });

  describe("when something is wrong with the command", () => {
    const none = () => join(stage().folder, "none.json");
    before(() => writeFileSync(none(), JSON.stringify({ steps: [], diagnostics: [] })));
    it("says which", async () => {
      await refusal(/^expected one of --markdown, --html and --json: run it once for each$/, "--markdown", "--html", "--preview", none());
      await refusal(/^--picture-url belongs to the comment/, "--html", "--picture-url", "/{package}.svg", "--preview", none());
      await refusal(/^--picture-url x: expected a URL that begins with https:/, "--picture-url", "x", "--preview", none());
      await refusal(/^no\.json cannot be read: expected a file after --preview$/, "--preview", "no.json");
      await refusal(/^no\.md cannot be read: expected a file after --previous$/, "--preview", none(), "--previous", "no.md");
      await refusal(/^Pulumi\.none\.yaml cannot be read: name the stack with --stack/, "--stack", "none");
    });
    it("asks for a token, or for a saved preview", async () => {
      stage().useToken(undefined);
      writeFileSync(join(stage().folder, "empty.yaml"), "config: {}\n");
      await refusal(
        /^no token: set GITHUB_TOKEN; this command needs the scope read:packages\. `--preview` reviews the output of/,
        "--config-file",
        join(stage().folder, "empty.yaml"),
      );
    });
    it("fails where a saved preview is of no policy", async () => {
      const { code, stdout } = await stage().review(["--preview", none()], { "ghcr-retention:policies": undefined });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /^<!-- ghcr-retention:prod -->\n\n## Retention of `prod`: 0 packages, 1 error\n/);
      assert.match(stdout, /none\.json holds no preview of a retention policy: expected what `pulumi preview --json --show-sames` printed/);
    });
  });

  describe("when all of that is done", () => {
    it("has only read", () => assert.deepEqual(writesTo(stage().sandbox), []));
  });
});
