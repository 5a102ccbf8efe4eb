import assert from "node:assert/strict";
import { childOf, digestOf, fallbackTagOf, image, index, unread } from "../../support/builders/package";
import { planOf } from "../../support/builders/planned";
import { dropPullRequests, dropUntagged, policyOf } from "../../support/builders/policy";

const prod = image("prod", { tags: ["prod"] });
const rules = policyOf([dropPullRequests, dropUntagged]);

describe("a plan in doubt (S3)", () => {
  describe("when what would go was not read", () => {
    const { deleted, unread: asked } = planOf([prod, index("pr", ["part"], { tags: ["pr-1"] }), unread("part")], rules);
    it("leaves it: it may be the subject of something", () => assert.deepEqual(deleted, ["pr"]));
    it("asks for it", () => assert.deepEqual(asked, ["part"]));
  });

  describe("when a shared child that stays was not read", () => {
    const entries = [index("multi", ["part"], { tags: ["prod"] }), index("pr", ["part"], { tags: ["pr-1"] }), unread("part")];
    it("does not ask: reading counts as a download", () => assert.deepEqual(planOf(entries, rules).unread, []));
  });

  describe("when a tagged version was not read", () => {
    const { deleted, unread: asked } = planOf(
      [unread("multi", { tags: ["prod"] }), image("amd64"), image("pr", { tags: ["pr-1"] })],
      rules,
    );
    it("deletes nothing: anything may hang under it", () => assert.deepEqual(deleted, []));
    it("asks for it", () => assert.deepEqual(asked, ["multi"]));
    it("says of what a rule matched that not everything could be read", () => {
      const { withheld } = planOf([unread("multi", { tags: ["prod"] }), image("lone")], rules);
      assert.deepEqual(withheld, { lone: "not everything in the package could be read" });
    });
  });

  describe("when an untagged version that no index lists was not read", () => {
    it("deletes nothing: it may be an index", () => {
      assert.deepEqual(planOf([prod, unread("lone"), image("other")], rules).deleted, []);
    });
  });

  describe("when a child that an index calls an index was not read", () => {
    it("deletes nothing", () => {
      const outer = index("outer", [{ ...childOf("inner"), index: true }], { tags: ["v1"] });
      assert.deepEqual(planOf([outer, unread("inner"), image("leaf")], rules).deleted, []);
    });
  });

  describe("when a young attestation was not read", () => {
    const pr = index("pr", ["part", "attestation"], { tags: ["pr-1"] });
    const young = { days: 100, updatedDays: 0.5 };
    it("leaves its image until it is known what it is of", () => {
      const { deleted, unread: asked } = planOf([prod, pr, image("part"), unread("attestation", young)], rules);
      assert.deepEqual(deleted, []);
      assert.deepEqual(asked, ["attestation"]);
    });
    it("leaves its subject once it is read", () => {
      const attestation = image("attestation", { ...young, subject: "part" });
      const { deleted, unread: asked } = planOf([prod, pr, image("part"), attestation], rules);
      assert.deepEqual(deleted, ["pr"]);
      assert.deepEqual(asked, []);
    });
  });

  describe("when it may be of what is listed beside it, which refers to something itself", () => {
    const young = index("young", ["sbom", "signature"], { days: 0.5 });
    const signature = image("signature", { days: 100, subject: "app" });
    const sbom = unread("sbom", { days: 100, updatedDays: 0.5 });
    it("leaves that as well, until it is known what it is of", () => {
      const planned = planOf([prod, image("app", { days: 100, tags: ["pr-1"] }), young, signature, sbom], rules);
      assert.deepEqual([planned.deleted, planned.unread], [[], ["sbom"]]);
    });
    for (const [subject, deleted] of [
      ["signature", []],
      ["young", ["app"]],
    ] as const) {
      it(`is known once it is read: it is of the ${subject}`, () => {
        const read = image("sbom", { days: 100, updatedDays: 0.5, subject });
        const planned = planOf([prod, image("app", { days: 100, tags: ["pr-1"] }), young, signature, read], rules);
        assert.deepEqual([planned.deleted, planned.unread], [deleted, []]);
      });
    }
  });

  describe("when it hangs under several indexes, one in the other", () => {
    const outer = index("outer", [{ ...childOf("inner"), index: true }], { tags: ["pr-1"] });
    const attestation = unread("attestation", { days: 100, updatedDays: 0.5 });
    it("leaves all of them: it may be of any", () => {
      const planned = planOf([prod, outer, index("inner", ["attestation"]), attestation], rules);
      assert.deepEqual([planned.deleted, planned.unread], [[], ["attestation"]]);
    });
    it("leaves the outermost as well where one between is young itself", () => {
      const planned = planOf([prod, outer, index("inner", ["attestation"], { days: 0.5 }), attestation], rules);
      assert.deepEqual([planned.deleted, planned.unread], [[], ["attestation"]]);
    });
    it("leaves the outermost as well where one between is held by what was read", () => {
      const signature = image("signature", { subject: "inner", days: 0.5 });
      const planned = planOf([prod, outer, index("inner", ["attestation"]), attestation, signature], rules);
      assert.deepEqual([planned.deleted, planned.unread], [[], ["attestation"]]);
    });
  });

  describe("when it hangs under a tagged referrer that would go by its own tags, and stays", () => {
    const entries = [
      prod,
      index("outer", ["base"]),
      image("base"),
      index("signature", ["part"], { tags: ["pr-2"], subject: "base", days: 3 }),
      unread("part"),
    ];
    it("leaves what is above the subject as well: it may be of that", () => {
      const policy = policyOf([{ name: "drop-all", action: "delete" }], { minimumAge: "7d", protect: ["prod", digestOf("part")] });
      const planned = planOf(entries, policy);
      assert.deepEqual([planned.deleted, planned.unread], [[], ["part"]]);
    });
  });

  describe("when a protected bundle under a fallback index was not read", () => {
    const list = index("list", ["bundle"], { tags: [fallbackTagOf("pr")] });
    it("leaves what the index refers to", () => {
      const policy = policyOf([dropPullRequests], { protect: [digestOf("bundle")] });
      const { deleted, unread: asked } = planOf([prod, image("pr", { tags: ["pr-1"] }), list, unread("bundle")], policy);
      assert.deepEqual(deleted, []);
      assert.deepEqual(asked, ["bundle"]);
    });
  });
});
