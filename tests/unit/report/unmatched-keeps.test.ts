import assert from "node:assert/strict";
import type { PolicyInput } from "../../../components/rules/policy";
import { decisionOn } from "../../support/builders/decided";
import { childOf, type Entry, image, index, indexChildOf } from "../../support/builders/package";
import { dropPullRequests, policyOf, type RuleInput } from "../../support/builders/policy";
import { paragraphsOf } from "../../support/builders/reported";

const dropOld: RuleInput = { name: "drop-old", action: "delete", tags: ["*"], olderThan: "30d" };

function keep(...tags: string[]): RuleInput {
  return { name: "keep", action: "keep", tags };
}

const releases = ["v1.0", "v1.1", "v2.0", "prod", "main-abc"].map((tag) => image(tag, { tags: [tag] }));

/** What the report says of rules. */
function saidOf(rules: readonly RuleInput[], entries: readonly Entry[] = releases, more: Partial<PolicyInput> = {}): string[] {
  const policy = policyOf(rules, { limits: { percent: 100 }, ...more });
  return paragraphsOf(decisionOn(entries, policy), policy).filter((paragraph) => /^(?:warning|note): .*\brules?\b/.test(paragraph));
}

describe("what the report of a preview says of keep rules", () => {
  describe("when a pattern matches nothing, and a delete rule takes tags that it resembles", () => {
    it("warns, with the tags and the pattern that is meant", () => {
      assert.deepEqual(saidOf([keep("vv1*"), dropOld]), [
        "warning: rule keep: its pattern `vv1*` matches nothing in this package, and drop-old would delete v1.1, v1.0. Is `v1*` meant?",
      ]);
    });

    it("warns although another pattern of the rule matches", () => {
      assert.deepEqual(saidOf([keep("prod", "vv*"), dropOld]), [
        "warning: rule keep: its pattern `vv*` matches nothing in this package, and drop-old would delete v2.0, v1.1, v1.0. Is `v*` meant?",
      ]);
    });

    it("names a few of many tags", () => {
      const many = Array.from({ length: 9 }, (_, place) => image(`s${place}`, { tags: [`stable-${"abcdefghi"[place]}`] }));
      assert.match(saidOf([keep("stabel-*"), dropOld], many)[0] ?? "", /, stable-e and 4 more\. Is `stable-\*` meant\?$/);
    });

    it("warns of each such pattern", () => {
      assert.equal(saidOf([keep("vv1*", "prdo"), dropOld]).length, 2);
    });
  });

  describe("when a rule matches nothing, and nothing that it resembles goes", () => {
    it("notes it once, for all such rules and those with nothing to delete", () => {
      const newest: RuleInput = { name: "keep-newest", action: "keep", tags: ["pr-*"], mostRecent: 5 };
      const rules = [keep("stable"), { ...keep("edge"), name: "keep-edge" }, newest, dropPullRequests];
      assert.deepEqual(saidOf(rules, [image("pr", { tags: ["pr-1"] }), image("x", { tags: ["x"] })]), [
        "note: nothing to do today for rules drop-pr (keep-newest keeps the only image that it matches), keep (nothing in this package " +
          "matches it), keep-edge (nothing in this package matches it)",
      ]);
    });

    it("suggests what may be meant", () => {
      assert.deepEqual(saidOf([keep("vv1*"), dropPullRequests]), [
        "note: nothing to do today for rule keep (nothing in this package matches it; where it says `vv1*`, is `v1*` meant?)",
      ]);
    });

    it("is a note for the first package of a policy that waits for its first release", () => {
      assert.deepEqual(saidOf([keep("prod"), dropOld], [image("a", { tags: ["main-abc"] })]), [
        "note: nothing to do today for rule keep (nothing in this package matches it)",
      ]);
    });

    it("is a note where the rule names versions, digests or types", () => {
      for (const conditions of [
        { semver: ">=3" },
        { digests: [`sha256:${"0".repeat(64)}`] },
        { artifactType: ["application/x"] },
        { mostRecent: { count: 3, by: "semver" as const }, tags: ["y*"] },
      ]) {
        const rule: RuleInput = { name: "keep", action: "keep", ...conditions };
        assert.match(saidOf([rule, dropPullRequests]).join(), /^note: nothing to do today for rule keep /, JSON.stringify(conditions));
      }
    });
  });

  describe("when there is nothing to say", () => {
    for (const [what, rules, entries] of [
      ["all patterns match", [keep("v*", "prod"), dropOld], releases],
      ["another pattern of the rule matches, and nothing resembles this one", [keep("v*", "prod", "latest"), dropOld], releases],
      ["the numbers are others", [keep("prod", "v3*", "v*"), dropOld], releases],
      [
        "it was pushed today",
        [keep("edge"), dropPullRequests],
        [image("x", { tags: ["x"] }), image("edge", { tags: ["edge"], days: -0.1 })],
      ],
      ["only its age is in the way", [{ ...keep("v*"), newerThan: "7d" }, dropPullRequests], releases],
      ["it is about untagged images", [{ name: "k", action: "keep", untagged: true, mostRecent: 3 }, dropPullRequests], releases],
      ["it is about broken images", [{ name: "k", action: "keep", broken: true }, dropPullRequests], releases],
      [
        "it keeps what another rule keeps as well",
        [
          { ...keep("v*"), name: "all" },
          { ...keep("v1*"), name: "ones" },
        ],
        releases,
      ],
      ["a pattern excludes", [keep("v*", "!vv1*"), dropOld], releases],
      [
        "it names a part",
        [{ name: "k", action: "keep", digests: [image("p").version.digest] }, dropPullRequests],
        [index("i", ["p"], { tags: ["v1"] }), image("p")],
      ],
    ] as [string, RuleInput[], Entry[]][]) {
      it(`says nothing: ${what}`, () => assert.deepEqual(saidOf(rules, entries), []));
    }

    it("says nothing of a rule that keeps the most recent of its age, which is a part of a younger image", () => {
      const rules: RuleInput[] = [
        { name: "drop", action: "delete", semver: "*" },
        { name: "newest", action: "keep", mostRecent: 1 },
        { name: "old-arm", action: "keep", olderThan: "7d", platforms: ["linux/arm*"], mostRecent: { count: 1, by: "semver" } },
      ];
      const old = index("old", [{ ...childOf("arm"), platform: "linux/arm64" }], { tags: ["1.0.0"], days: 400 });
      const young = index("young", [indexChildOf("old")], { tags: ["prod"], days: 1 });
      assert.deepEqual(saidOf(rules, [young, old, image("arm", { days: 400 })]), [
        "note: nothing to do today for rule drop (newest keeps the only image that it matches)",
      ]);
    });

    it("says nothing of a rule that keeps what another one keeps as well, until the part of an image that was pushed today", () => {
      const rules: RuleInput[] = [
        { name: "drop", action: "delete", scope: "images", untagged: true },
        { name: "newest", action: "keep", semver: "*", mostRecent: 1 },
        { name: "newest-too", action: "keep", tags: ["*"], untagged: true, mostRecent: { count: 1, by: "semver" } },
      ];
      const today = index("today", [childOf("old")], { days: -0.04 });
      assert.deepEqual(saidOf(rules, [image("old", { tags: ["1.0.0"], days: 400 }), today]), []);
    });
  });
});
