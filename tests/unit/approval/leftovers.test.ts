import assert from "node:assert/strict";
import { type ApprovalRecord, stillThere } from "../../../components/approval/record";
import { buildGraph } from "../../../components/graph/graph";
import { digestOf, image, index, packageOf, unread } from "../../support/builders/package";
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

  // Otherwise a rule would count it as an image in the run that plans it anew, and as none in the next, which would take the approval back.
  it("is an image of its own where another approval covers it as one", () => {
    const graph = buildGraph(packageOf(image("part")));
    const { id } = graph.nodes[0]?.version ?? assert.fail();
    const record: ApprovalRecord = {
      deletions: { [digestOf("part")]: { kind: "recorded", text: "part of sha256:0123456789ab" } },
      plans: {
        "2026-11-22-7f3a9c21b4d0": { images: [], parts: [id], tags: [] },
        "2026-11-23-7f3a9c21b4d0": { images: [id], parts: [], tags: [] },
      },
    };
    assert.deepEqual(stillThere(graph, record), { all: new Set([digestOf("part")]), parts: new Set() });
  });
});
