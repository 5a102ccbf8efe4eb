import assert from "node:assert/strict";
import { policy, ReviewStage } from "../../support/command-line/review-stage";
import { writesTo } from "../../support/emulator/writes";
import { useStage } from "../../support/use-stage";

describe("`ghcr-retention review` and the stack's record", function () {
  this.timeout(60_000);

  const stage = useStage(() => ReviewStage.open());
  beforeEach(() => stage().reset());

  describe("when the stack's record cannot be had", () => {
    const unread =
      /> \[!CAUTION\]\n> the record of the stack prod could not be read \(`pulumi stack export`: (.+)\), so what waits, is approved/;

    it("fails, says why and what to do, and reviews all the same", async () => {
      stage().removeEngine();
      const { code, stdout } = await stage().review([]);
      assert.equal(code, 1, stdout);
      assert.match(unread.exec(stdout)?.[1] ?? "", /the Pulumi CLI was not found/);
      assert.match(stdout, /Sign in with `pulumi login` and check the name with `pulumi stack ls`, or pass the output of `pulumi preview/);
      assert.match(stdout, /waits for approval\*\*: delete 5 of 10 versions \(1 image\), keep 5, 0 withheld\./);
    });
    it("prints no line that approves or undoes, in no form, of no package and no organisation", async () => {
      stage().removeEngine();
      const organization = { owner: "logto-io", packages: ["logto"], rules: policy.rules, limits: { percent: 60 } };
      for (const change of [{}, { "ghcr-retention:policies": undefined, "ghcr-retention:organizations": [organization] }]) {
        for (const form of ["--markdown", "--html", "--json"]) {
          const { stdout } = await stage().review([form], change);
          assert.match(stdout, /\d{4}-\d{2}-\d{2}-[0-9a-f]{12}/);
          assert.doesNotMatch(stdout, /pulumi config set|"approveWith":|"undoWith":/);
        }
      }
    });
    it("does not leave it at nothing to delete, where all may be in grace only because the record is not there", async () => {
      stage().removeEngine();
      const { code, stdout } = await stage().review([], { "ghcr-retention:policies": [{ ...policy, grace: "7d" }] });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /\n## Retention of `prod`: 1 package, 1 error\n/);
      assert.match(stdout, unread);
    });
    it("fails where what `pulumi` exports is cut off, or of another form", async () => {
      for (const [exported, reason] of [
        ['{"deployment":{"resources":[', /JSON/],
        ['{"deployment":[]}', /^its answer is not understood: deployment: /],
      ] as const) {
        stage().engine.exports(exported);
        const { code, stdout } = await stage().review([]);
        assert.equal(code, 1, stdout);
        assert.match(unread.exec(stdout)?.[1] ?? "", reason);
      }
    });
  });

  describe("when the stack's record says what nobody can read", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "AAABAA" };
    const run = { owner: "logto-io", package: "logto", deletions: {}, plans: {} };
    const recorded = (inputs: object, outputs: object = {}) =>
      stage().engine.exports(
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
        const { code, stdout } = await stage().review([]);
        assert.equal(code, 1, stdout);
        const [, said = ""] = /> Not reviewed, so nothing of it is deleted: (logto-io\/logto: .*)/.exec(stdout) ?? [];
        assert.match(said, /the record in the stack's state is not understood \(.*put the state back as it was/);
        assert.match(said, field);
      }
    });
    it("fails where it cannot tell of which package a record is", async () => {
      recorded({ ...run, owner: secret });
      const { code, stdout } = await stage().review([]);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /> 1 policy on the stack's record has an owner or a package that cannot be read, such as a secret/);
    });
  });

  describe("when all of that is done", () => {
    it("has only read", () => assert.deepEqual(writesTo(stage().sandbox), []));
  });
});
