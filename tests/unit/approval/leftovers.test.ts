import assert from "node:assert/strict";
import { decide } from "../../../components/approval/decide";
import { type ApprovalRecord, nodeOf } from "../../../components/approval/record";
import { buildGraph } from "../../../components/graph/graph";
import { digestOf, image, index, namesOf, packageOf, unread } from "../../support/builders/package";
import { planOf } from "../../support/builders/planned";
import { dropPullRequests, policyOf, type RuleInput } from "../../support/builders/policy";

const prod = image("prod", { tags: ["prod"] });
const keepUntagged: RuleInput = { name: "keep-untagged", action: "keep", untagged: true };
const policy = policyOf([dropPullRequests, keepUntagged]);

describe("what is left of a deleted image", () => {
  it("goes, although rules would take it for an image of its own", () => {
    assert.deepEqual(planOf([prod, image("part")], policy).deleted, []);
    assert.deepEqual(planOf([prod, image("part")], policy, ["part"]).deleted, ["part"]);
  });
  it("goes although its subject is gone", () => {
    assert.deepEqual(planOf([prod, image("sbom", { subject: "gone" })], policy, ["sbom"]).deleted, ["sbom"]);
  });
  it("takes no place among the most recent", () => {
    const keepOne: RuleInput = { name: "keep-one", action: "keep", untagged: true, mostRecent: 1 };
    const dropRest: RuleInput = { name: "drop-rest", action: "delete", untagged: true };
    const entries = [prod, image("old", { days: 60 }), image("part", { days: 50 })];
    assert.deepEqual(planOf(entries, policyOf([keepOne, dropRest]), ["part"]).deleted, ["part"]);
  });

  describe("when something changed since", () => {
    it("stays when an image needs it now (S1)", () => {
      assert.deepEqual(planOf([index("multi", ["part"], { tags: ["v1"] }), image("part")], policy, ["part"]).deleted, []);
    });
    it("stays when it carries a tag now", () => {
      assert.deepEqual(planOf([prod, image("part", { tags: ["v1"] })], policy, ["part"]).deleted, []);
    });
    it("stays when it is protected now", () => {
      assert.deepEqual(planOf([prod, image("part")], policyOf([dropPullRequests], { protect: [digestOf("part")] }), ["part"]).deleted, []);
    });
    it("stays when it was changed lately", () => {
      assert.deepEqual(planOf([prod, image("part", { updatedDays: 0.5 })], policy, ["part"]).deleted, []);
    });
    it("stays when it was not read (S3)", () => {
      const entries = [prod, index("rest", ["part"]), unread("part")];
      const planned = planOf(entries, policy, ["rest", "part"]);
      assert.deepEqual([planned.deleted, planned.unread], [["rest"], ["part"]]);
    });
    it("is no longer spoken of when it is gone", () => assert.deepEqual(planOf([prod], policy, ["part"]).deleted, []));
  });

  // A leftover takes no place among the most recent, so that what refers to it does, and holds it.
  describe("when it may go by another approval, as an image of its own", () => {
    const signature = image("signature", { tags: ["1.0.0"], days: 2, subject: "left" });
    const entries = [image("newest", { days: 30, tags: ["v2"] }), image("left", { days: 60 }), signature];
    const rules: RuleInput[] = [
      { name: "keep-one", action: "keep", tags: ["*"], untagged: true, mostRecent: 1 },
      { name: "drop-rest", action: "delete", tags: ["*"], untagged: true },
    ];
    const graph = buildGraph(packageOf(...entries));
    const idOf = (name: string) => nodeOf(graph, digestOf(name)).version.id;
    const recorded = { kind: "recorded", text: "untagged" } as const;
    const record: ApprovalRecord = {
      deletions: { [digestOf("left")]: recorded, [digestOf("signature")]: recorded },
      plans: { "2026-11-22-7f3a9c21b4d0": { images: [idOf("signature")], parts: [idOf("left")], tags: ["1.0.0"], automatic: true } },
    };
    const limits = { percent: 100 };
    const decision = decide(graph, policyOf(rules, { approval: "automatic", limits }), record);

    it("goes", () => assert.deepEqual(namesOf(decision.going.digests(), ...entries).sort(), ["left", "signature"]));
    it("is on record as an image alone", () => {
      assert.deepEqual(
        Object.values(decision.plans).map(({ images, parts }) => [[...images].sort(), parts]),
        [[[idOf("left"), idOf("signature")].sort(), []]],
      );
    });
    it("goes as well where it is decided again", () => {
      const again = decide(graph, policyOf(rules, { approval: "required", limits }), decision, Object.keys(decision.plans));
      assert.deepEqual(namesOf(again.going.digests(), ...entries).sort(), ["left", "signature"]);
    });
  });
});
