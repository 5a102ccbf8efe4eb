import assert from "node:assert/strict";
import { childOf, digestOf, type Entry, fallbackTagOf, image, index, indexChildOf } from "../../support/builders/package";
import { planOf } from "../../support/builders/planned";
import { dropEverything, dropPullRequests, dropUntaggedVersions, keepReleases, policyOf } from "../../support/builders/policy";

const drop = policyOf([dropUntaggedVersions]);

function whyStays(name: string, ...entries: readonly Entry[]): string | undefined {
  return planOf(entries, drop).withheld[name];
}

describe("the reason why a version that a rule matched stays", () => {
  describe("when an image needs it", () => {
    it("names platform and tag", () => {
      assert.equal(
        whyStays("arm64", index("multi", [childOf("arm64", "linux/arm64")], { tags: ["prod"] }), image("arm64")),
        "linux/arm64 of prod",
      );
    });
    it("names all tags of the image", () => {
      assert.equal(whyStays("amd64", index("multi", ["amd64"], { tags: ["prod", "v1"] }), image("amd64")), "linux/amd64 of prod, v1");
    });
    it("names an untagged image by its shortened digest", () => {
      const multi = index("multi", ["amd64"], { days: 1, updatedDays: 0.5 });
      assert.equal(
        whyStays("amd64", image("v1", { tags: ["v1"] }), multi, image("amd64")),
        `linux/amd64 of ${digestOf("multi").slice(0, 19)}`,
      );
    });
    it("tells the whole chain", () => {
      const entries = [
        index("outer", [indexChildOf("inner")], { tags: ["prod"] }),
        index("inner", [childOf("arm64", "linux/arm64")]),
        image("arm64"),
        image("sbom", { subject: "arm64", artifactType: "application/spdx+json" }),
        image("signature", { tags: [`${fallbackTagOf("sbom")}.sig`] }),
      ];
      assert.equal(whyStays("signature", ...entries), "signature of SBOM (SPDX) of linux/arm64 of index of prod");
    });
    it("names what really keeps it, not what would go with it", () => {
      const entries = [
        index("multi", ["amd64"], { tags: ["prod"], days: 50 }),
        image("amd64", { days: 50 }),
        image("newer", { subject: "amd64", days: 9 }),
      ];
      assert.equal(whyStays("newer", ...entries), "referrer of linux/amd64 of prod");
    });
    it("names the image at the end of the chain, although what is between was matched by no rule", () => {
      const entries = [index("outer", [indexChildOf("inner")], { tags: ["prod"] }), index("inner", ["leaf"], { days: 2 }), image("leaf")];
      assert.equal(whyStays("leaf", ...entries), "linux/amd64 of index of prod");
    });
    it("names the image that stays, not the one that goes with the same part", () => {
      const entries = [
        index("multi", ["shared"], { tags: ["prod"] }),
        index("pr", ["shared"], { tags: ["pr-1"] }),
        image("shared", { days: 2 }),
        image("sbom", { subject: "shared" }),
      ];
      assert.equal(planOf(entries, policyOf([dropUntaggedVersions, dropPullRequests])).withheld.sbom, "referrer of linux/amd64 of prod");
    });
    it("names a part that stays by itself, whose image goes", () => {
      const entries = [
        image("other", { tags: ["prod"] }),
        index("pr", ["part"], { tags: ["pr-1"] }),
        image("part"),
        image("sbom", { subject: "part" }),
      ];
      const policy = policyOf([dropUntaggedVersions, dropPullRequests], { protect: [digestOf("part")] });
      assert.equal(planOf(entries, policy).withheld.sbom, `referrer of ${digestOf("part").slice(0, 19)}`);
    });
    it("names the newest of the images that need it", () => {
      const images = [10, 30, 20].map((days) => index(`v${days}`, ["shared"], { tags: [`v${days}`], days }));
      assert.equal(whyStays("shared", ...images, image("shared")), "linux/amd64 of v10");
    });
    it("prefers a tag that people know to a digest", () => {
      const young = index("young", ["shared"], { days: 0.5 });
      assert.equal(whyStays("shared", young, index("multi", ["shared"], { tags: ["prod"] }), image("shared")), "linux/amd64 of prod");
    });
  });

  describe("when it stays for its own sake", () => {
    it("says that it is protected", () => {
      const policy = policyOf([dropPullRequests], { protect: ["pr-1"] });
      assert.deepEqual(planOf([image("pr", { tags: ["pr-1"] })], policy).withheld, { pr: "protected by the policy" });
    });
    it("says that what it describes is protected", () => {
      const entries = [image("prod", { tags: ["prod"] }), image("pr", { tags: ["pr-1"] }), image("sbom", { subject: "pr" })];
      const { withheld } = planOf(entries, policyOf([dropPullRequests], { protect: [digestOf("sbom")] }));
      assert.deepEqual(withheld, { pr: "a referrer of it is protected by the policy" });
    });
  });

  describe("when versions refer to each other in a circle, and one of them is young", () => {
    const tagged = (name: string, of: string, days = 100) => image(name, { tags: [`pr-${name}`, fallbackTagOf(of)], days });
    const whyIn = (...entries: Entry[]) => planOf([image("prod", { tags: ["prod"] }), ...entries], policyOf([dropPullRequests])).withheld;
    it("holds all of them, and comes to an end", () => {
      assert.deepEqual(whyIn(tagged("a", "b", 0.5), tagged("b", "a")), { b: "a referrer of it is younger than `minimumAge`" });
      assert.deepEqual(Object.keys(whyIn(tagged("a", "b", 0.5), tagged("b", "c"), tagged("c", "b"))).sort(), ["b", "c"]);
    });
    it("leaves each its own reason", () => {
      assert.deepEqual(whyIn(tagged("a", "b", 0.5), tagged("b", "a", 0.5)), {});
      const policy = policyOf([dropPullRequests], { protect: ["pr-a", "pr-b"] });
      assert.deepEqual(planOf([image("prod", { tags: ["prod"] }), tagged("a", "b"), tagged("b", "a")], policy).withheld, {
        a: "protected by the policy",
        b: "protected by the policy",
      });
    });
  });

  describe("when a keep rule keeps it", () => {
    it("is not told: the keep rule did what it is for", () => {
      assert.deepEqual(planOf([image("prod", { tags: ["prod"] })], policyOf([dropEverything, keepReleases])).withheld, {});
    });
  });

  describe("when several rules matched", () => {
    const again = { ...dropUntaggedVersions, name: "again" };
    it("names them", () => {
      const entries = [index("multi", ["amd64"], { tags: ["prod"] }), image("amd64")];
      const { plan } = planOf(entries, policyOf([dropUntaggedVersions, again]));
      assert.deepEqual(plan.withheld[0]?.rules, ["drop-untagged-versions", "again"]);
    });
    it("points to the image that needs it, and as what", () => {
      const { plan } = planOf([index("multi", ["amd64"], { tags: ["prod"] }), image("amd64")], drop);
      const because = plan.withheld[0]?.because;
      assert.ok(because?.kind === "needed");
      assert.equal(plan.deletions.graph.nodes[because.keeper]?.version.digest, digestOf("multi"));
      assert.deepEqual(because.chain, ["linux/amd64"]);
    });
  });
});
