import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExplainStage, policy } from "../../support/command-line/explain-stage";
import { writesTo } from "../../support/emulator/writes";
import { useStage } from "../../support/use-stage";

describe("what `ghcr-retention explain` refuses", function () {
  this.timeout(60_000);

  const stage = useStage(() => ExplainStage.open());

  describe("when the reference names nothing", () => {
    it("says what was expected", async () => {
      for (const reference of ["latest", "sha256:0000", "s"]) {
        await stage().refuses(
          /^logto-io\/logto has no version with the (name ".+"|digest sha256:0000), and none of what GitHub can still restore does either: it was never there/,
          ["logto", reference, "--config-file", stage().configFile()],
        );
      }
    });
  });

  describe("when the token is missing or may not", () => {
    it("says which one to set", async () => {
      await stage().refuses(
        /^no token: set GITHUB_TOKEN; this command needs the scope read:packages$/,
        ["logto", "prod", "--config-file", stage().configFile()],
        { GITHUB_TOKEN: undefined },
      );
    });
    it("says what GitHub says, without the token", async () => {
      const args = ["logto", "prod", "--config-file", stage().configFile()];
      await stage().refuses(/^(?!.*ghp_wrong).*GitHub answered 401/s, args, { GITHUB_TOKEN: "ghp_wrong" });
    });
  });

  describe("when the config does not hold the policy", () => {
    it("names those that it holds", async () => {
      await stage().refuses(/^no policy for app in the stack's config; there are: logto-io\/logto$/, [
        "app",
        "prod",
        "--config-file",
        stage().configFile(),
      ]);
    });
    it("takes a name with its owner for that package, whatever else an organisation's patterns would select", async () => {
      const organization = { owner: "acme", rules: policy.rules };
      const beside = stage().configFile(
        { "ghcr-retention:policies": [policy], "ghcr-retention:organizations": [organization] },
        "beside.yaml",
      );
      assert.match(
        await stage().explained("logto-io/logto", "prod", "--config-file", beside),
        /^the version tagged prod, v1\.4\.2 stays: kept by keep-releases/,
      );
    });
    it("asks for the owner where several have such a package", async () => {
      const both = stage().configFile({ "ghcr-retention:policies": [policy, { ...policy, owner: "acme" }] }, "both.yaml");
      await stage().refuses(/^more than one policy for logto .*: logto-io\/logto, acme\/logto$/, ["logto", "prod", "--config-file", both]);
    });
  });

  describe("when the config is wrong", () => {
    it("names each path and its fix", async () => {
      const wrong = stage().configFile({ "ghcr-retention:policies": [{ ...policy, minimumAge: "1h" }] }, "wrong.yaml");
      await stage().refuses(/ghcr-retention:policies\[0\]\.minimumAge: expected at least "1d"/, ["logto", "prod", "--config-file", wrong]);
    });
    for (const [what, text, error] of [
      ["is no YAML", "config: [", /broken\.yaml is not valid YAML: /],
      ["is no map", "- config", /broken\.yaml is not valid:\n {2}the whole: expected a stack's config, which begins with `config:`$/],
      ["has a list for config", "config: [1]", /broken\.yaml is not valid:\n {2}config: expected keys and values$/],
      ["is empty", "", /^the stack's config declares no policy: expected entries under `ghcr-retention:policies`/],
      ["has no entries", "config:\n", /^the stack's config declares no policy: expected entries under `ghcr-retention:policies`/],
    ] as const) {
      it(`says that it ${what}`, async () => {
        const path = join(stage().folder, "broken.yaml");
        writeFileSync(path, text);
        await stage().refuses(error, ["logto", "prod", "--config-file", path]);
      });
    }
    it("says which file it looked for", async () => {
      await stage().refuses(/^Pulumi\.staging\.yaml cannot be read: name the stack with --stack/, ["logto", "prod", "--stack", "staging"]);
    });
  });

  describe("when all of that is done", () => {
    it("has only read", () => assert.deepEqual(writesTo(stage().sandbox), []));
  });
});
