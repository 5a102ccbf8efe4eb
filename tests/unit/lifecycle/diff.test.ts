import assert from "node:assert/strict";
import { diff } from "../../../components/lifecycle/diff";
import { remainder } from "../../../components/lifecycle/state/remainder";
import type { CheckedInputs, Outputs } from "../../../components/lifecycle/state/stored";

const news: CheckedInputs = {
  owner: "logto-io",
  package: "logto",
  rules: [{ name: "drop-pr", action: "delete", tags: ["pr-*"] }],
  githubApiUrl: "https://api.github.com",
  registryUrl: "https://ghcr.io",
  deletionsPerMinute: 180,
  deletions: { "sha256:a": "pr-1", "sha256:b": "linux/amd64 of pr-1" },
  plans: {},
};
const olds: Outputs = {
  ...news,
  remaining: {},
  ledger: { "sha256:a": "1 plan time: pr-1", "sha256:b": "2 plan time: linux/amd64 of pr-1" },
  refused: {},
  planId: "none",
  counts: { deleted: 2, remaining: 0, pending: 0 },
};

describe("diff", () => {
  it("sees nothing to do when all that is approved is done", () => {
    assert.deepEqual(diff(olds, news), { changes: false, replaces: [], deleteBeforeReplace: false, stables: ["owner", "package"] });
  });

  const changes: Readonly<Record<string, readonly [Partial<Outputs>, Partial<CheckedInputs>]>> = {
    "something approved is not done": [{ ledger: { "sha256:a": "1 plan time: pr-1" } }, {}],
    "something done is there again": [{}, { deletions: { "sha256:a": "pr-1" } }],
    "a plan waits": [{}, { pending: { id: "2026-11-23-000000000000", deletions: {}, tags: "" } }],
    "the last run broke off": [{ failure: "GitHub answered 500" }, {}],
    "a rule changes": [{}, { rules: [{ name: "drop-pr", action: "delete", tags: ["pr-*", "test-*"] }] }],
    "what must stay changes": [{}, { protect: ["prod"] }],
  };
  for (const [what, [old, now]] of Object.entries(changes)) {
    it(`sees something to do when ${what}`, () => {
      const { changes, replaces } = diff({ ...olds, ...old }, { ...news, ...now });
      assert.deepEqual([changes, replaces], [true, []]);
    });
  }

  it("leaves what GitHub refused", () => {
    const refused = { "sha256:b": "more than 5000 downloads" };
    assert.equal(diff({ ...olds, ledger: { "sha256:a": "1 plan time: pr-1" }, refused }, news).changes, false);
  });

  it("leaves everything where the program could not look (S3)", () => {
    assert.deepEqual(remainder({ ledger: {}, refused: {} }, { ...news, unseen: true }), []);
    assert.deepEqual(remainder({ ledger: {}, refused: {} }, news), ["sha256:a", "sha256:b"]);
  });

  it("is no update by an approval alone, nor by the evidence", () => {
    assert.equal(diff(olds, { ...news, approve: "2026-11-23-000000000000", evidence: {} }).changes, false);
  });

  it("replaces the policy of another owner or package, and takes owners without case", () => {
    assert.deepEqual(diff(olds, { ...news, owner: "acme" }).replaces, ["owner"]);
    assert.deepEqual(diff(olds, { ...news, package: "logto-cloud" }).replaces, ["package"]);
    assert.equal(diff(olds, { ...news, owner: "Logto-IO" }).changes, false);
  });
});
