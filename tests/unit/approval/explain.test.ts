import assert from "node:assert/strict";
import { type ExplainedVersion, type Explanation, explain } from "../../../components/approval/explain";
import { fateText, unknownReferenceText } from "../../../components/messages/explanation";
import type { Policy, PolicyInput } from "../../../components/rules/policy";
import { decisionOn } from "../../support/builders/decided";
import { childOf, day, digestOf, type Entry, fallbackTagOf, image, index, unread } from "../../support/builders/package";
import { dropEverything, dropPullRequests, dropUntagged, keepReleases, policyOf, type RuleInput } from "../../support/builders/policy";

const prod = index("multi", [childOf("amd64", "linux/amd64"), childOf("arm64", "linux/arm64")], {
  tags: ["prod"],
  days: 40,
  updatedDays: 30,
});
const pr = index("pr", ["amd64", "own"], { tags: ["pr-1"], days: 20 });
const entries = [prod, image("amd64"), image("arm64"), pr, image("own"), image("lone", { days: 50, updatedDays: 41 })];
const policy = policyOf([dropPullRequests, dropUntagged, keepReleases]);

const nothingKnown = { refused: {}, ledger: [], notices: [] };

function explanationOf(reference: string, rules: Policy = policy, world: readonly Entry[] = entries): Explanation {
  return explain(decisionOn(world, rules), rules, nothingKnown, reference);
}

function explained(
  reference: string,
  rules: Policy = policy,
  world: readonly Entry[] = entries,
): ExplainedVersion & { readonly says: string } {
  const explanation = explanationOf(reference, rules, world);
  assert.ok(explanation.kind === "here", explanation.kind);
  return { ...explanation, says: fateText(explanation.fate, decisionOn(world, rules).plan.seen.graph) };
}

describe("an explanation", () => {
  describe("when a version is named", () => {
    it("finds it by tag", () => assert.equal(explained("prod").version.digest, digestOf("multi")));
    it("finds it by digest", () => assert.equal(explained(digestOf("arm64")).version.digest, digestOf("arm64")));
    it("finds it by a digest's beginning", () => assert.equal(explained(digestOf("arm64").slice(0, 19)).version.digest, digestOf("arm64")));
    it("finds it by a tag of a scheme", () => {
      const signature = image("signature", { tags: [`${fallbackTagOf("multi")}.sig`] });
      assert.equal(explained(`${fallbackTagOf("multi")}.sig`, policy, [...entries, signature]).version.digest, digestOf("signature"));
    });
    it("finds it by a digest's beginning without its algorithm, and by the version's id", () => {
      assert.equal(explained(digestOf("arm64").slice(7, 19)).version.digest, digestOf("arm64"));
      const numbered = entries.map((entry, place) => ({ ...entry, version: { ...entry.version, id: 4000 + place } }));
      assert.equal(explained("4002", policy, numbered).version.digest, digestOf("arm64"));
    });
    it("takes a tag for a tag, whatever else it may be", () => {
      const tag = digestOf("arm64").slice(7, 19);
      assert.equal(explained(tag, policy, [...entries, image("odd", { tags: [tag] })]).version.digest, digestOf("odd"));
    });
    it("names the digests that a beginning may mean", () => {
      const [one, other] = ["a", "b"].map((last) => ({
        ...image(last),
        version: { ...image(last).version, digest: `sha256:${"0".repeat(63)}${last}` },
      }));
      assert.ok(one && other);
      const said = explanationOf("sha256:0000", policy, [one, other]);
      assert.ok(said.kind === "ambiguous");
      assert.equal(
        unknownReferenceText("acme/app", "sha256:0000", said),
        `acme/app: "sha256:0000" begins 2 digests: ${other.version.digest}, ${one.version.digest}; expected more of its digits`,
      );
      assert.equal(explained(`sha256:${"0".repeat(63)}a`, policy, [one, other]).version.digest, one.version.digest);
    });
    it("says of few digits that they begin a digest, and are no tag", () => {
      const year = { ...image("year"), version: { ...image("year").version, digest: `sha256:2024${"0".repeat(60)}` } };
      const said = explanationOf("2024", policy, [...entries, year]);
      assert.ok(said.kind === "ambiguous");
      assert.equal(
        unknownReferenceText("acme/app", "2024", said),
        'acme/app has no tag "2024" and no version of that id, but one digest begins so: ' +
          `ask for \`sha256:2024\` to mean ${year.version.digest}`,
      );
      assert.equal(explained("sha256:2024", policy, [...entries, year]).version.digest, year.version.digest);
      assert.equal(explained("2024", policy, [...entries, year, image("odd", { tags: ["2024"] })]).version.digest, digestOf("odd"));
    });
    for (const reference of ["nothing", "", "s", "sha256:", digestOf("elsewhere"), "pro"]) {
      it(`finds nothing by "${reference.slice(0, 16)}"`, () => {
        assert.equal(explanationOf(reference, policy, [prod]).kind, "unknown");
      });
    }
  });

  describe("when it was pushed since the day began", () => {
    const at = (days: number) => explained("new", policyOf([dropEverything]), [...entries, image("new", { tags: ["new"], days })]);
    it("is seen by no rule", () => assert.deepEqual(at(-0.1).rules, []));
    it("is seen at the very start of the day", () => assert.equal(at(0).rules.length, 1));
  });

  describe("when a child is of an image of which nobody knows that it goes", () => {
    it("names what needs it, and not itself", () => {
      assert.equal(explained(digestOf("own"), policyOf([keepReleases])).says, "stays: linux/amd64 of pr-1");
    });
    it("says that nothing asks for its deletion where only a circle needs it", () => {
      const one = image("one", { tags: [fallbackTagOf("two")] });
      const two = image("two", { tags: [fallbackTagOf("one")] });
      assert.equal(explained(digestOf("one"), policy, [...entries, one, two]).says, "stays: nothing asks for its deletion");
    });
  });

  describe("when no rule matches an image without tags", () => {
    it("says so", () => assert.equal(explained(digestOf("lone"), policyOf([dropPullRequests])).says, "stays: no rule deletes it"));
  });

  describe("when a rule keeps it", () => {
    const { says, rules } = explained("prod", policyOf([dropEverything, dropPullRequests, keepReleases]));
    it("stays by that rule", () => assert.equal(says, "stays: kept by keep-releases"));
    it("names every rule that matched, with what it says", () => {
      assert.deepEqual(rules, [
        { rule: "keep-releases", action: "keep", holds: true },
        { rule: "drop-everything", action: "delete", holds: true },
      ]);
    });
  });

  describe("when a rule deletes it", () => {
    const { says, age } = explained(digestOf("lone"));
    it("goes, by the same reason as in the preview's table", () => {
      assert.match(says, /^goes once approved: untagged, 41 days old, nothing needs it \(drop-untagged\); plan \S+ waits for approval$/);
    });
    it("says the age that it was judged by", () => assert.equal(age, 41 * day));
    it("says which image takes a part along", () => {
      assert.match(explained(digestOf("own")).says, /^goes once approved: linux\/amd64 of pr-1; /);
    });
  });

  describe("when an image needs it", () => {
    const { says, role, neededBy } = explained(digestOf("amd64"));
    it("stays as what it is for the image", () => assert.deepEqual([says, role], ["stays: linux/amd64 of prod", "child"]));
    it("names all that lists it", () =>
      assert.deepEqual(neededBy.map(({ as, name }) => `${as} of ${name}`).sort(), ["linux/amd64 of pr-1", "linux/amd64 of prod"]));
    it("says of the image what that needs", () => {
      assert.deepEqual(
        explained("prod").needs.map(({ as, digest }) => [as, digest]),
        [
          ["linux/amd64", digestOf("amd64")],
          ["linux/arm64", digestOf("arm64")],
        ],
      );
    });
  });

  describe("when a rule matches and does not hold", () => {
    it("says which tag no rule speaks for", () => {
      const both = image("both", { tags: ["pr-2", "main-1"] });
      assert.deepEqual(explained("pr-2", policy, [...entries, both]).rules, [
        { rule: "drop-pr", action: "delete", holds: false, because: { kind: "tags-not-covered", tags: ["main-1"] } },
      ]);
    });
    it("says that it is not among the most recent", () => {
      const keepOne: RuleInput = { name: "keep-one", action: "keep", tags: ["pr-*"], mostRecent: 1 };
      const newer = image("newer", { tags: ["pr-2"], days: 10 });
      assert.deepEqual(explained("pr-1", policyOf([dropPullRequests, keepOne]), [...entries, newer]).rules, [
        { rule: "keep-one", action: "keep", holds: false, because: { kind: "not-most-recent" } },
        { rule: "drop-pr", action: "delete", holds: true },
      ]);
    });
  });

  describe("when it stays for another reason", () => {
    for (const [what, entry, more, because] of [
      ["no rule matches", image("x", { tags: ["x"] }), {}, "no rule deletes it"],
      ["it is protected", image("x", { tags: ["pr-9"] }), { protect: ["pr-9"] }, "protected by the policy"],
      ["`restore` names it", image("x", { tags: ["pr-9"] }), { restore: ["pr-9"] }, "kept, since `restore` names it"],
      ["`protect` names it as well", image("x", { tags: ["pr-9", "a"] }), { restore: ["pr-9"], protect: ["a"] }, "protected by the policy"],
      ["it is young", image("x", { tags: ["pr-9"], days: 0.5 }), {}, "younger than `minimumAge`"],
      ["its subject is missing", image("x", { subject: "elsewhere" }), {}, "its subject is not in this package"],
    ] as [string, Entry, Partial<PolicyInput>, string][]) {
      it(`says that ${what}`, () => {
        assert.equal(explained(digestOf("x"), policyOf([dropPullRequests, dropUntagged], more), [prod, entry]).says, `stays: ${because}`);
      });
    }
    it("says that the last tagged version cannot go", () => {
      assert.equal(explained("pr-1", policy, [pr]).says, "stays: GitHub refuses to delete the last tagged version");
    });
    it("says that not everything was read (S3)", () => {
      assert.equal(
        explained(digestOf("lone"), policy, [...entries, unread("index", { tags: ["v1"] })]).says,
        "stays: not everything in the package could be read",
      );
    });
  });

  describe("when an index misses manifests", () => {
    it("names them", () => {
      assert.deepEqual(explained("v1", policy, [index("half", ["there", "gone"], { tags: ["v1"] }), image("there")]).missing, [
        digestOf("gone"),
      ]);
    });
  });

  describe("when it was pushed after the day began", () => {
    const { says, rules } = explained("pr-9", policy, [prod, image("new", { tags: ["pr-9"], days: -0.1 })]);
    it("is young, and no rule sees it yet", () => {
      assert.deepEqual([says, rules], ["stays: younger than `minimumAge`", []]);
    });
  });
});
