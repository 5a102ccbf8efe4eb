import assert from "node:assert/strict";
import type { VoidCause } from "../../../components/approval/notice";
import type { PolicyChange } from "../../../components/approval/policy-changes";
import { deletionText } from "../../../components/messages/deletion-reason";
import { breachText } from "../../../components/messages/limit-breach";
import { noticeText } from "../../../components/messages/notice";
import { noEffectText } from "../../../components/messages/opinion";
import { policyChangesText } from "../../../components/messages/policy-change";
import { removalText } from "../../../components/messages/removal";
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
    const why = (cause: VoidCause) => noticeText({ kind: "approval-void", id: "2026-11-24-0123456789ab", cause });
    const text = (cause: string) => `approval 2026-11-24-0123456789ab is void: ${cause}; nothing is deleted under it`;
    assert.equal(
      why({ kind: "future-day", today: "2026-11-23" }),
      text("its day is still to come (today is 2026-11-23), and no preview can have printed it"),
    );
    assert.equal(why({ kind: "other-package", package: "acme/api" }), text("this id is of package acme/api: approve it there"));
    assert.equal(why({ kind: "set-changed", came: 3, went: 1 }), text("the set changed since: 3 versions came, 1 version went"));
    assert.equal(why({ kind: "set-changed", came: 0, went: 0 }), text("the set changed since: its tags are others"));
    const by = "2026-11-25-0123456789ab";
    assert.equal(
      why({ kind: "set-changed", by, came: 1, went: 0 }),
      text(`the set changed since: 1 version came (plan ${by} took its place)`),
    );
    assert.match(
      why({ kind: "not-on-record" }),
      /no plan of that id is on record here, .* no plan waits today: take the line out; nothing/,
    );
    assert.match(
      why({ kind: "not-on-record", waiting: by }),
      new RegExp(`the plan that waits today is ${by}; nothing is deleted under it$`),
    );
  });

  it("counts what a policy that leaves its stack leaves behind", () => {
    const one = { id: "7", digest: digestOf("gone"), tags: ["pr-9"], plan: "2026-11-23-0123456789ab", at: 0, until: "2026-12-23" };
    const ends = (restorable: readonly (typeof one)[]) => removalText("acme/app", restorable).split("\n").at(-1) ?? "";
    assert.match(removalText("acme/app", [one]), /nothing is deleted in the registry\. 1 version that it deleted can still be restored/);
    assert.match(ends([one]), / brings it back, as does /);
    assert.match(ends([one, one]), / brings them back, as does /);
  });

  it("says how rules changed since an approval", () => {
    const changes: PolicyChange[] = [
      { kind: "rule-added", rule: "drop-pr" },
      { kind: "rule-removed", rule: "keep-prod" },
      { kind: "rule-changed", rule: "drop-untagged", reads: { olderThan: 7 * 86_400_000, tags: ["pr-*"], age: undefined } },
      { kind: "rule-changed", rule: "drop-main", reads: {} },
      { kind: "setting-changed", setting: "grace" },
    ];
    assert.equal(
      policyChangesText(changes),
      'drop-pr was added, keep-prod was taken out, drop-untagged now reads olderThan 7d and tags ["pr-*"] and no age, ' +
        "drop-main was changed, `grace` was changed",
    );
    const reads = (value: unknown) => policyChangesText([{ kind: "rule-changed", rule: "one", reads: { of: value } }]);
    assert.deepEqual(
      [36, 1.5].map((hours) => reads(hours * 3_600_000)),
      ["one now reads of 36h", "one now reads of 90m"],
    );
    assert.deepEqual([reads(3), reads("keep")], ["one now reads of 3", "one now reads of keep"]);
  });
});
