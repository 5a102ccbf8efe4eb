import assert from "node:assert/strict";
import { digestOf, fallbackTagOf, image, index, indexChildOf } from "../../support/builders/package";
import { planOf } from "../../support/builders/planned";
import {
  dropEverything,
  dropPullRequests,
  dropUntagged,
  dropUntaggedVersions,
  keepReleases,
  policyOf,
} from "../../support/builders/policy";

const prod = index("prod", ["amd64", "arm64"], { tags: ["prod"] });
const platforms = [image("amd64"), image("arm64")];

describe("a plan", () => {
  describe("when the incident of December 2023 is replayed (S1)", () => {
    const { deleted, withheld } = planOf([prod, ...platforms, image("lone")], policyOf([dropUntaggedVersions]));
    it("takes no manifest from prod", () => assert.deepEqual(deleted, ["lone"]));
    it("says which image needs them", () => {
      assert.deepEqual(withheld, { amd64: "linux/amd64 of prod", arm64: "linux/amd64 of prod" });
    });
  });

  describe("when an image goes", () => {
    it("takes its manifests along", () => {
      const { deleted } = planOf(
        [prod, index("pr", ["a", "b"], { tags: ["pr-1"] }), image("a"), image("b"), ...platforms],
        policyOf([dropPullRequests]),
      );
      assert.deepEqual(deleted, ["a", "b", "pr"]);
    });
    it("takes along what hangs under it at any depth, and what refers to that", () => {
      const entries = [
        prod,
        ...platforms,
        index("pr", [indexChildOf("inner")], { tags: ["pr-1"] }),
        index("inner", ["leaf"]),
        image("leaf"),
        image("sbom", { subject: "leaf" }),
        index("list", ["bundle"], { tags: [fallbackTagOf("sbom")] }),
        image("bundle"),
        image("signature", { tags: [`${fallbackTagOf("pr")}.sig`] }),
      ];
      assert.deepEqual(planOf(entries, policyOf([dropPullRequests])).deleted, [
        "bundle",
        "inner",
        "leaf",
        "list",
        "pr",
        "sbom",
        "signature",
      ]);
    });
    it("leaves a child that another image needs, whether a rule looks at that or not (S1)", () => {
      const entries = [prod, ...platforms, index("pr", ["amd64", "own"], { tags: ["pr-1"] }), image("own")];
      assert.deepEqual(planOf(entries, policyOf([dropPullRequests])).deleted, ["own", "pr"]);
    });
    it("leaves a child that people tagged and no rule deletes", () => {
      const entries = [prod, ...platforms, index("pr", ["v1"], { tags: ["pr-1"] }), image("v1", { tags: ["v1"] })];
      assert.deepEqual(planOf(entries, policyOf([dropPullRequests])).deleted, ["pr"]);
    });
    it("leaves a referrer that people tagged and no rule deletes", () => {
      const entries = [prod, ...platforms, image("pr", { tags: ["pr-1"] }), image("sbom", { subject: "pr", tags: ["sbom-1"] })];
      assert.deepEqual(planOf(entries, policyOf([dropPullRequests])).deleted, ["pr"]);
    });
    it("takes a shared child when the last image that needs it goes", () => {
      const entries = [
        prod,
        ...platforms,
        index("one", ["shared"], { tags: ["pr-1"] }),
        index("two", ["shared"], { tags: ["pr-2"] }),
        image("shared"),
      ];
      assert.deepEqual(planOf(entries, policyOf([dropPullRequests])).deleted, ["one", "shared", "two"]);
    });
  });

  describe("when the package is empty", () => {
    it("holds nothing, and reserves nothing", () => {
      const { plan } = planOf([], policyOf([dropEverything]));
      assert.deepEqual([plan.deletions.size, plan.stays.size, plan.withheld.length], [0, 0, 0]);
    });
  });

  describe("when versions keep each other by their tags, and no rule matches them", () => {
    it("leaves them: no image that goes takes them along", () => {
      const one = image("one", { tags: [fallbackTagOf("two")] });
      const two = image("two", { tags: [fallbackTagOf("one")] });
      assert.deepEqual(planOf([prod, ...platforms, one, two, image("pr", { tags: ["pr-1"] })], policyOf([dropPullRequests])).deleted, [
        "pr",
      ]);
    });
  });

  describe("when an image that a rule matched hangs under one that stays", () => {
    it("stays (S1)", () => {
      const entries = [index("multi", ["pr"], { tags: ["prod"] }), image("pr", { tags: ["pr-1"] })];
      const { deleted, withheld } = planOf(entries, policyOf([dropPullRequests]));
      assert.deepEqual(deleted, []);
      assert.deepEqual(withheld, { pr: "linux/amd64 of prod" });
    });
  });

  describe("when a referrer's subject stays (S1)", () => {
    for (const [kind, referrer] of [
      ["by its subject field", image("referrer", { subject: "prod" })],
      ["by a fallback tag", index("referrer", [], { tags: [fallbackTagOf("prod")] })],
      ["by a cosign tag", image("referrer", { tags: [`${fallbackTagOf("prod")}.sig`] })],
      ["under a platform", image("referrer", { subject: "amd64" })],
    ] as const) {
      it(`stays ${kind}`, () => {
        assert.deepEqual(planOf([prod, ...platforms, referrer, image("lone")], policyOf([dropUntaggedVersions])).deleted, ["lone"]);
      });
    }
  });

  describe("when a referrer's subject is not in the package", () => {
    const entries = [prod, ...platforms, image("sbom", { subject: "elsewhere" })];
    it("stays: its subject may be in another package", () => {
      assert.deepEqual(planOf(entries, policyOf([dropUntaggedVersions])).deleted, []);
    });
    it("goes where a rule asks for what dangles", () => {
      assert.deepEqual(planOf(entries, policyOf([dropUntaggedVersions, { ...dropUntaggedVersions, name: "d", dangling: true }])).deleted, [
        "sbom",
      ]);
    });
  });

  describe("when a fallback index lost its tag to a newer one", () => {
    it("goes without the live bundles that it lists", () => {
      const entries = [
        image("app", { tags: ["prod"] }),
        index("old-list", ["bundle"]),
        index("new-list", ["bundle", "second"], { tags: [fallbackTagOf("app")] }),
        image("bundle", { subject: "app" }),
        image("second", { subject: "app" }),
      ];
      assert.deepEqual(planOf(entries, policyOf([dropUntagged])).deleted, ["old-list"]);
    });
  });

  describe("when something is protected", () => {
    const pr = index("pr", ["part"], { tags: ["pr-1"] });
    const entries = [prod, ...platforms, pr, image("part"), image("sbom", { subject: "part" })];
    const deletedWith = (name: string) => planOf(entries, policyOf([dropPullRequests], { protect: [name] })).deleted;

    it("stays by its tag, with all that it needs", () => assert.deepEqual(deletedWith("pr-1"), []));
    it("stays by its digest, with all that it needs", () => assert.deepEqual(deletedWith(digestOf("pr")), []));
    it("stays as a part, though its image goes", () => assert.deepEqual(deletedWith(digestOf("part")), ["pr"]));
    it("holds its subject, which it describes", () => assert.deepEqual(deletedWith(digestOf("sbom")), ["pr"]));
  });

  describe("when every tagged version would go", () => {
    const older = image("older", { tags: ["v1"], days: 60 });
    const newer = image("newer", { tags: ["v2"], days: 50 });
    const signature = image("signature", { tags: [`${fallbackTagOf("newer")}.sig`], days: 40 });

    it("reserves the newest image that people tagged, with what hangs under it", () => {
      const { deleted, withheld } = planOf([older, newer, signature], policyOf([dropEverything]));
      assert.deepEqual(deleted, ["older"]);
      assert.deepEqual(withheld, { newer: "GitHub refuses to delete the last tagged version" });
    });
    it("reserves an image although a signature without image is tagged, too", () => {
      const orphan = image("orphan", { tags: [`${fallbackTagOf("gone")}.sig`] });
      assert.deepEqual(planOf([older, newer, orphan], policyOf([dropEverything])).deleted, ["older"]);
    });
    it("reserves nothing while one stays", () => {
      assert.deepEqual(planOf([older, newer, prod, ...platforms], policyOf([dropEverything, keepReleases])).deleted, []);
      assert.deepEqual(planOf([image("pr", { tags: ["pr-1"] }), older], policyOf([dropPullRequests])).deleted, ["pr"]);
    });
    it("deletes the untagged all the same", () => {
      assert.deepEqual(planOf([newer, image("lone")], policyOf([dropEverything])).deleted, ["lone"]);
    });
  });

  describe("when nothing is tagged and everything would go", () => {
    it("reserves the newest version", () => {
      const { deleted, withheld } = planOf([image("one", { days: 40 }), image("two", { days: 30 })], policyOf([dropUntagged]));
      assert.deepEqual(deleted, ["one"]);
      assert.deepEqual(withheld, { two: "GitHub refuses to delete the last version" });
    });
  });

  describe("when the package is empty", () => {
    it("is empty", () => assert.deepEqual(planOf([], policyOf([dropEverything])).deleted, []));
  });
});
