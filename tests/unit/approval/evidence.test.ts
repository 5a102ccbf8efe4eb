import assert from "node:assert/strict";
import { evidenceOf } from "../../../components/approval/evidence";
import type { PolicyInput } from "../../../components/rules/policy";
import { decisionOn } from "../../support/builders/decided";
import { childOf, digestOf, type Entry, image, index } from "../../support/builders/package";
import {
  dropPullRequests,
  dropUntagged,
  dropUntaggedVersions,
  keepReleases,
  policyOf,
  type RuleInput,
} from "../../support/builders/policy";

const prod = index("prod", ["amd64"], { tags: ["prod", "v1"] });

function evidence(entries: readonly Entry[], rules: readonly RuleInput[], more: Partial<PolicyInput> = {}) {
  return evidenceOf(decisionOn(entries, policyOf(rules, { limits: { percent: 100 }, ...more })));
}

/** Which versions it gives as examples, in their order, and for what. */
function examples(entries: readonly Entry[], ...rules: RuleInput[]): string[] {
  const names = new Map(entries.map(({ name }) => [digestOf(name), name]));
  return (evidence(entries, rules)?.matched ?? []).map(({ digest, neededBy }) => `${names.get(digest)} of ${neededBy.join(", ")}`);
}

function short(name: string): string {
  return digestOf(name).slice(0, "sha256:".length + 12);
}

describe("the evidence for the policy pack", () => {
  describe("when nothing is planned and no rule matched what is needed", () => {
    it("is none", () => assert.equal(evidence([prod, image("amd64")], [dropUntagged]), undefined));
  });

  describe("when a rule matched what an image needs", () => {
    it("says which rule, what it is for the image, and every tag of that", () => {
      assert.deepEqual(evidence([prod, image("amd64")], [dropUntaggedVersions]), {
        matched: [{ rule: "drop-untagged-versions", digest: digestOf("amd64"), as: "linux/amd64", neededBy: ["prod", "v1"] }],
      });
    });
    it("calls an image without tags by its digest", () => {
      const entries = [index("lone", ["amd64"], { days: 1 }), image("amd64"), image("keep", { tags: ["prod"] })];
      assert.deepEqual(examples(entries, dropUntaggedVersions), [`amd64 of ${short("lone")}`]);
    });
    it("gives each rule its examples", () => {
      const other = { ...dropUntaggedVersions, name: "other" };
      assert.deepEqual(
        evidence([prod, image("amd64")], [dropUntaggedVersions, other])?.matched?.map(({ rule }) => rule),
        ["drop-untagged-versions", "other"],
      );
    });
    it("leaves out what people tagged: that is an image of its own", () => {
      const entries = [index("multi", ["pr"], { tags: ["prod"] }), image("pr", { tags: ["pr-1"] })];
      assert.deepEqual(examples(entries, dropPullRequests), []);
    });
    it("leaves out what stays for its own sake", () => {
      const entries = [image("safe", { days: 40 }), image("prod", { tags: ["prod"] })];
      assert.equal(evidence(entries, [dropUntaggedVersions], { protect: [digestOf("safe")] }), undefined);
    });
    it("leaves out a referrer whose subject is not there", () => {
      const lost = image("lost", { subject: "elsewhere" });
      const dangling: RuleInput = { name: "drop-dangling", action: "delete", dangling: true };
      assert.deepEqual(examples([index("list", ["lost"], { tags: ["prod"] }), lost], dangling), []);
    });
    it("takes a referrer of an image that stays", () => {
      assert.deepEqual(examples([image("prod", { tags: ["prod"] }), image("sbom", { subject: "prod" })], dropUntaggedVersions), [
        "sbom of prod",
      ]);
    });
  });

  describe("when there are many examples", () => {
    const multi = (name: string, days: number, tags: string[]) => [
      index(name, [`${name}1`, `${name}2`, `${name}3`], { tags, days }),
      ...[1, 2, 3].map((number) => image(`${name}${number}`, { days: days + number })),
    ];

    it("gives two of an image", () => {
      assert.deepEqual(examples(multi("prod", 50, ["prod"]), dropUntaggedVersions), ["prod1 of prod", "prod2 of prod"]);
    });
    it("gives eight of a rule", () => {
      const entries = [1, 2, 3, 4, 5].flatMap((number) => multi(`v${number}`, 10 * number, [`v${number}`]));
      assert.deepEqual(
        examples(entries, dropUntaggedVersions),
        [1, 2, 3, 4].flatMap((number) => [`v${number}1 of v${number}`, `v${number}2 of v${number}`]),
      );
    });
    it("begins with images that people tagged, those that a rule keeps before all", () => {
      const entries = [...multi("lone", 2, []), ...multi("odd", 50, ["odd"]), ...multi("prod", 90, ["prod"])];
      assert.deepEqual(examples(entries, dropUntaggedVersions, keepReleases), [
        "prod1 of prod",
        "prod2 of prod",
        "odd1 of odd",
        "odd2 of odd",
        `lone1 of ${short("lone")}`,
        `lone2 of ${short("lone")}`,
      ]);
    });
    it("begins with a tagged image that no rule keeps, before an untagged one that a rule keeps", () => {
      const entries = [...multi("lone", 2, []), ...multi("odd", 50, ["odd"])];
      const keep: RuleInput = { name: "keep", action: "keep", digests: [digestOf("lone")] };
      assert.deepEqual(examples(entries, dropUntaggedVersions, keep).slice(0, 2), ["odd1 of odd", "odd2 of odd"]);
    });
    it("begins with an image that a rule keeps, although only an attestation of it was matched", () => {
      const entries = [
        index("odd", ["platform"], { tags: ["odd"], days: 20 }),
        image("platform"),
        index("prod", [childOf("note", "attestation of linux/amd64")], { tags: ["prod"], days: 60 }),
        image("note"),
      ];
      assert.deepEqual(examples(entries, dropUntaggedVersions, keepReleases), ["note of prod", "platform of odd"]);
    });
    it("begins with the newest of those that are alike", () => {
      const entries = [9, 7, 8].flatMap((days) => [
        index(`v${days}`, [`p${days}`], { tags: [`v${days}`], days }),
        image(`p${days}`, { days }),
      ]);
      assert.deepEqual(examples(entries, dropUntaggedVersions), ["p7 of v7", "p8 of v8", "p9 of v9"]);
    });
    it("prefers platforms to attestations and referrers", () => {
      const children = [
        childOf("a", "attestation of linux/amd64"),
        childOf("b", "attestation of linux/arm64"),
        childOf("c"),
        childOf("d", "manifest"),
      ];
      const parts = ["a", "b", "c", "d"].map((name, place) => image(name, { days: 100 + place }));
      assert.deepEqual(examples([index("prod", children, { tags: ["prod"] }), ...parts], dropUntaggedVersions), ["c of prod", "a of prod"]);
    });
  });

  describe("when a plan waits or is approved", () => {
    const pr = [index("pr", ["p1", "p2"], { tags: ["pr-1"] }), image("p1"), image("p2"), image("sbom", { subject: "p1" })];
    const entries = [prod, image("amd64"), ...pr];
    const policy = policyOf([dropPullRequests], { limits: { percent: 100 } });
    const waiting = decisionOn(entries, policy);
    const approve = waiting.pending?.id ?? "";
    const under = (...names: string[]) => names.map(short).sort().join(" ");
    const keepers = Object.fromEntries(
      [
        [short("pr"), under("p1", "p2")],
        [short("p1"), under("sbom")],
      ].sort(),
    );

    it("says which version lists, or is the subject of, each that is planned", () => {
      assert.deepEqual(evidenceOf(waiting), { keepers });
      assert.deepEqual(Object.keys(evidenceOf(waiting)?.keepers ?? {}), Object.keys(keepers));
    });
    it("says it in the order of the digests, so that nothing moves from run to run", () => {
      const names = ["a", "b", "c", "d", "e"];
      const many = names.flatMap((name) => [
        index(
          name,
          [1, 2, 3, 4].map((number) => name + number),
          { tags: [`pr-${name}`] },
        ),
        ...[1, 2, 3, 4].map((number) => image(name + number)),
      ]);
      const { keepers: found = {} } = evidenceOf(decisionOn([...entries.slice(0, 2), ...many], policy)) ?? {};
      assert.deepEqual(Object.keys(found), names.map(short).sort());
      for (const name of names) assert.equal(found[short(name)], under(...[1, 2, 3, 4].map((number) => name + number)));
    });
    it("says the same when it is approved", () => {
      const approved = decisionOn(entries, { ...policy, approve }, waiting);
      assert.equal(approved.pending, undefined);
      assert.deepEqual(evidenceOf(approved), { keepers });
    });
    it("says it of an image without parts as well", () => {
      assert.deepEqual(evidence([...entries.slice(0, 2), image("lone")], [dropUntagged]), { keepers: {} });
    });
  });
});
