import assert from "node:assert/strict";
import { deletionText } from "../../../components/messages/deletion-reason";
import { breachText } from "../../../components/messages/limit-breach";
import { noticeText } from "../../../components/messages/notice";
import { noEffectText } from "../../../components/messages/opinion";
import { digestOf } from "../../support/builders/package";

const day = 86_400_000;

describe("the text of a value", () => {
  it("says why a version goes", () => {
    const rules = ["drop-pr", "drop-old"];
    assert.deepEqual(
      [
        deletionText({ kind: "tagged-image", tags: ["pr-1", "pr-2"], age: 41 * day, rules }),
        deletionText({ kind: "untagged-image", age: day, rules: ["drop-untagged"] }),
        deletionText({ kind: "part", as: "linux/arm64", of: "pr-1" }),
        deletionText({ kind: "leftover" }),
        deletionText({ kind: "interrupted" }),
        deletionText({ kind: "recorded", text: "as it was" }),
      ],
      [
        "pr-1, pr-2, 41 days old (drop-pr, drop-old)",
        "untagged, 1 day old, nothing needs it (drop-untagged)",
        "linux/arm64 of pr-1",
        "part of an image that is deleted already",
        "deleted by a run that was cut off",
        "as it was",
      ],
    );
  });

  it("says which limit a plan exceeds", () => {
    assert.equal(
      breachText({ kind: "percent", deletes: 2, total: 3, percent: 50 }),
      "it deletes 66.7% of the package's 3 versions, and limits.percent allows 50%",
    );
    assert.equal(
      breachText({ kind: "deletions", deletes: 5, limit: 3 }),
      "it deletes 5 versions, 2 more than limits.deletions allows in one run (3)",
    );
  });

  it("says why a rule that matches has no effect", () => {
    assert.equal(noEffectText({ kind: "not-most-recent" }), "not among the most recent that it keeps");
    assert.equal(noEffectText({ kind: "tags-not-covered", tags: ["v1", "prod"] }), "no delete rule speaks for v1, prod");
  });

  it("says what a restore cannot bring back, by its reason or by its name", () => {
    const gone = { kind: "restore-expired", digest: digestOf("gone"), reference: "pr-9" } as const;
    const short = digestOf("gone").slice(0, 19);
    const text = (what: string) => `restore: ${short} (${what}) cannot be restored any more; GitHub keeps a deleted version for 30 days`;
    assert.equal(noticeText({ ...gone, reason: undefined }), text("pr-9"));
    assert.equal(noticeText({ ...gone, reason: { kind: "part", as: "linux/amd64", of: "pr-9" } }), text("linux/amd64 of pr-9"));
  });

  it("says why an approval is void", () => {
    const approval = { kind: "approval-void", id: "2026-11-24-0123456789ab", today: "2026-11-23" } as const;
    assert.match(
      noticeText({ ...approval, cause: "future-day" }),
      /is void: its day is still to come \(today is 2026-11-23\); nothing is deleted/,
    );
    assert.match(noticeText({ ...approval, cause: "changed" }), /is void: the rules or the package changed since/);
  });
});
