import assert from "node:assert/strict";
import type { TokenRequest } from "../../../sandbox";
import { keepReleases } from "../../support/builders/policy";
import { policy, ReviewStage } from "../../support/command-line/review-stage";
import { writesTo } from "../../support/emulator/writes";
import { useStage } from "../../support/use-stage";

describe("`ghcr-retention review` and what its token may", function () {
  this.timeout(60_000);

  const stage = useStage(() => ReviewStage.open());
  beforeEach(() => stage().reset());

  describe("when the token cannot do what the plan may ask of it", () => {
    afterEach(() => stage().sandbox.setSwitches({ deletedListsToReaders: true }));
    const cannotUndo = /this run's token may delete but not restore, since it has no scope write:packages/;
    const unlisted = /GitHub does not show this run's token the deleted versions \(.*GitHub answered 403: You need at least/;

    it("says that nothing can be undone with one that may delete and not restore", async () => {
      stage().useToken(stage().sandbox.createToken({ scopes: ["read:packages", "delete:packages"] }));
      assert.match((await stage().review([])).stdout, cannotUndo);
      stage().useToken(stage().sandbox.token);
      assert.doesNotMatch((await stage().review([])).stdout, cannotUndo);
    });

    it("says nothing of undoing with one that may only preview, or whose permissions GitHub does not tell", async () => {
      const tokens: TokenRequest[] = [{ scopes: ["read:packages"] }, { kind: "installation" }];
      for (const token of tokens) {
        stage().useToken(stage().sandbox.createToken(token));
        assert.doesNotMatch((await stage().review([])).stdout, cannotUndo);
      }
    });

    it("says what cannot be recovered where it is not shown the deleted versions", async () => {
      stage().sandbox.setSwitches({ deletedListsToReaders: false });
      stage().useToken(stage().sandbox.createToken({ scopes: ["read:packages"] }));
      const { stdout } = await stage().review([]);
      assert.match(stdout, unlisted);
      assert.match(stdout, /what an apply deletes before it is killed enters no ledger/);
    });

    it("says neither where the plan deletes nothing", async () => {
      stage().sandbox.setSwitches({ deletedListsToReaders: false });
      const keeping = { "ghcr-retention:policies": [{ ...policy, rules: [keepReleases] }] };
      for (const scopes of [["read:packages", "delete:packages"], ["read:packages"]]) {
        stage().useToken(stage().sandbox.createToken({ scopes }));
        const { stdout } = await stage().review([], keeping);
        assert.doesNotMatch(stdout, cannotUndo);
        assert.doesNotMatch(stdout, unlisted);
      }
    });

    it("asks GitHub for nothing more than for a token that can", async () => {
      const requests = async (scopes: string[]) => {
        stage().useToken(stage().sandbox.createToken({ scopes }));
        stage().sandbox.clearRequests();
        await stage().review([]);
        return stage().sandbox.requests().length;
      };
      await requests(["read:packages"]);
      assert.equal(
        await requests(["read:packages", "delete:packages"]),
        await requests(["read:packages", "delete:packages", "write:packages"]),
      );
    });
  });

  describe("when all of that is done", () => {
    it("has only read", () => assert.deepEqual(writesTo(stage().sandbox), []));
  });
});
