import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { readStackOrganizations } from "../../../components/config/stack-organizations";
import { readStackPolicies } from "../../../components/config/stack-policies";
import { MigrateStage } from "../../support/command-line/migrate-stage";
import { runCompiled } from "../../support/command-line/run";
import { writesTo } from "../../support/emulator/writes";
import { workflow, workflowOf } from "../../support/migration/workflow";
import { useStage } from "../../support/use-stage";

const File = z.object({ config: z.record(z.string(), z.unknown()) });
const official = "actions/delete-package-versions@v5";
const untagged = { owner: "logto-io", "package-name": "logto", "package-type": "container", "delete-only-untagged-versions": "true" };
const d = "dataaxiom/ghcr-cleanup-action@v1";
const s3 = { account: "logto-io", token: "x", "image-names": "logto", "cut-off": "2w", "tag-selection": "untagged" };

describe("`ghcr-retention migrate`", function () {
  this.timeout(60_000);

  const stage = useStage(() => MigrateStage.open());
  beforeEach(() => stage().reset());

  function added() {
    const { config } = File.parse(parse(readFileSync(stage().stackFile, "utf8")));
    const [policies, organizations] = [config["ghcr-retention:policies"], config["ghcr-retention:organizations"]];
    return {
      policies: readStackPolicies({ policies }).map(({ policy }) => policy),
      organizations: readStackOrganizations({ organizations }).map(({ whole }) => whole.organization),
    };
  }

  describe("when a token lets it look at the package", () => {
    it("computes which images that stay the workflow of December 2023 would break", async () => {
      const { code, stderr } = await stage().migrate(workflow(official, untagged));
      assert.equal(code, 0, stderr);
      const { world } = stage();
      const parts = world.digests(...world.images.keys()).length - world.images.size;
      // The index that lost `prod` has no tag either.
      assert.match(
        stderr,
        new RegExp(`Run today, the old workflow would delete ${parts + 1} of 40 versions and BREAK 7 images that stay:`),
      );
      const text = readFileSync(stage().stackFile, "utf8");
      assert.match(
        text,
        /# {3}prod, v1\.2\.0 would lack linux\/amd64, linux\/arm64, attestation of linux\/amd64, attestation of linux\/arm64$/m,
      );
      assert.match(text, /# Today's plan under these rules would delete 5 of 40 versions \(1 image\)\./);
      assert.deepEqual(added().policies[0]?.rules, [{ name: "drop-untagged", action: "delete", untagged: true }]);
    });

    it("counts what a step with an ignored input really deletes, and lets no rule delete", async () => {
      const options = {
        owner: "logto-io",
        "package-name": "logto",
        "package-type": "container",
        "min-versions-to-keep": 0,
        "only-these-tags": "v0.9",
      };
      const { stderr } = await stage().migrate(workflow(official, options));
      assert.match(
        stderr,
        /^logto-io\/logto: Run today, the old workflow would delete 40 of 40 versions, and take nothing from an image that stays\.$/m,
      );
      assert.match(stderr, /^logto-io\/logto: Today's plan under these rules deletes nothing: all 40 versions stay\.$/m);
    });

    it("says that the same is safe where it is", async () => {
      const { stderr } = await stage().migrate(workflow(d, { owner: "logto-io", package: "logto" }));
      assert.match(stderr, /the old workflow would delete 5 of 40 versions, and take nothing from an image that stays\./);
    });

    it("finds what an index inside an index loses", async () => {
      const { stderr } = await stage().migrate(workflow(d, { owner: "logto-io", package: "nested" }));
      assert.match(stderr, /BREAK 1 image that stays:/);
      assert.match(stderr, /stable would lack linux\/amd64, linux\/arm64/);
    });

    for (const [version, breaks] of [
      ["v3.0.0", true],
      ["v3.1.0", false],
    ] as const) {
      it(`knows that snok/container-retention-policy@${version} ${breaks ? "takes" : "leaves"} the platforms of what stays`, async () => {
        const { stderr } = await stage().migrate(workflow(`snok/container-retention-policy@${version}`, s3));
        assert.equal(/BREAK/.test(stderr), breaks, stderr);
      });
    }

    it("looks at each package that patterns select", async () => {
      const { code, stderr } = await stage().migrate(workflow("snok/container-retention-policy@v3.0.0", { ...s3, "image-names": "web-*" }));
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^logto-io\/web-app: Run today, the old workflow would delete \d+ of 5 versions/m);
      assert.deepEqual(
        added().organizations.map(({ packages }) => packages),
        [["web-*"]],
      );
    });

    it("writes the rules all the same where a package cannot be looked at, and ends with 1", async () => {
      const { code, stderr } = await stage().migrate(workflow(official, { ...untagged, "package-name": "gone" }));
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^logto-io\/gone: could not be observed: logto-io\/gone: /m);
      assert.equal(added().policies.length, 1);
    });
  });

  describe("when there is no token", () => {
    it("asks nothing of GitHub, and says in words what the old steps can break", async () => {
      const before = stage().sandbox.requests().length;
      const { code, stderr } = await stage().run(workflow(official, untagged), { GITHUB_TOKEN: undefined });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^without GITHUB_TOKEN the packages are not observed: the comments describe/m);
      assert.equal(stage().sandbox.requests().length, before);
      assert.match(readFileSync(stage().stackFile, "utf8"), /# {3}every platform of a multi-platform image is an untagged version/);
    });
  });

  describe("when a policy is there already", () => {
    it("adds nothing a second time", async () => {
      await stage().migrate(workflow(official, untagged));
      const once = readFileSync(stage().stackFile, "utf8");
      const { code, stdout, stderr } = await stage().migrate(workflow(official, untagged));
      assert.deepEqual([code, stdout], [0, `${stage().stackFile}: nothing to add\n`]);
      assert.match(stderr, /^logto-io\/logto: has a policy at ghcr-retention:policies\[0\], which stays as it is$/m);
      assert.equal(readFileSync(stage().stackFile, "utf8"), once);
    });
    it("leaves out of a pattern what has a policy of its own", async () => {
      await stage().migrate(workflow(official, untagged));
      await stage().migrate(workflow("snok/container-retention-policy@v3.1.0", { ...s3, "image-names": "*" }));
      assert.deepEqual(
        added().organizations.map(({ packages }) => packages),
        [["*", "!logto"]],
      );
    });
  });

  describe("when the workflow has other steps", () => {
    it("names what it does not translate", async () => {
      const script = `gh api /orgs/acme/packages/container/app/versions --jq '.[] | select(.metadata.container.tags | length == 0) | .id' | xargs -I{} gh api -X DELETE /orgs/acme/packages/container/app/versions/{}`;
      const text = `${workflowOf([official, untagged], ["actions/delete-package-versions@v3", {}], ["camargo/delete-untagged-action@v1", {}])}      - run: ${JSON.stringify(script)}\n`;
      const { stderr } = await stage().migrate(text);
      assert.match(
        stderr,
        /clean\.yml, line \d+: actions\/delete-package-versions: nothing to migrate: version 3 does not reach container packages/,
      );
      assert.match(stderr, /clean\.yml, line \d+: camargo\/delete-untagged-action: not translated; it loses images: /);
      assert.match(
        stderr,
        /clean\.yml, line \d+: a script that deletes versions without a tag: not translated; .*\n {2}\{ name: drop-untagged,/,
      );
    });
  });

  describe("when there is nothing to migrate", () => {
    for (const [what, text, error] of [
      [
        "no such step",
        workflow("actions/checkout@v4"),
        /nothing to migrate; expected a step that cleans up container packages by actions\/delete-package-versions, /,
      ],
      ["no YAML", "jobs: [", /clean\.yml cannot be read as YAML: expected a GitHub workflow/],
      ["no owner", workflow(d), /name the owner with --owner$/m],
    ] as const) {
      it(`says so, and writes nothing: ${what}`, async () => {
        const before = readFileSync(stage().stackFile, "utf8");
        const { code, stdout, stderr } = await stage().migrate(text);
        assert.deepEqual([code, stdout], [1, ""]);
        assert.match(stderr, error);
        assert.equal(readFileSync(stage().stackFile, "utf8"), before);
      });
    }
  });

  it("runs as a command, with what the workflow leaves open, and prints", async () => {
    writeFileSync(join(stage().folder, "clean.yml"), workflow(d, { "delete-tags": "pr-*", "older-than": "1 week" }));
    const args = ["migrate", "clean.yml", "--owner", "logto-io", "--package", "logto,web-app", "--output", "-"];
    const env = { GITHUB_TOKEN: stage().sandbox.token, GHCR_RETENTION_CACHE: join(stage().folder, "cache") };
    const { code, stdout, stderr } = await runCompiled(args, env, stage().folder);
    assert.equal(code, 0, stderr);
    const { config } = File.parse(parse(stdout));
    assert.deepEqual(
      readStackPolicies({ policies: config["ghcr-retention:policies"] }).map(({ policy }) => policy.package),
      ["logto", "web-app"],
    );
  });

  it("asks nothing of GitHub but to read", () => {
    const writes = writesTo(stage().sandbox);
    assert.deepEqual(writes, []);
  });
});
