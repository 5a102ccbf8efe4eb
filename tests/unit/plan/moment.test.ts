import assert from "node:assert/strict";
import { decide } from "../../../components/approval/decide";
import { buildGraph } from "../../../components/graph/graph";
import { computePlan } from "../../../components/plan/plan";
import { day, digestOf, image, index, moment, namesOf, packageOf } from "../../support/builders/package";
import { planOf } from "../../support/builders/planned";
import { dropEverything, dropPullRequests, dropUntagged, policyOf, type RuleInput } from "../../support/builders/policy";

const prod = image("prod", { tags: ["prod"] });
const keepNewest: RuleInput = { name: "keep-newest", action: "keep", tags: ["main-*"], mostRecent: 1 };
const dropMain: RuleInput = { name: "drop-main", action: "delete", tags: ["main-*"] };
const main = (name: string, days: number, updatedDays = days) => image(name, { tags: [`main-${name}`], days, updatedDays });

describe("a plan as of a day", () => {
  describe("when something was pushed since", () => {
    it("does not see it among the most recent, so the plan stays the same", () => {
      const before = planOf([prod, main("a", 9), main("b", 8)], policyOf([keepNewest, dropMain])).deleted;
      const after = planOf([prod, main("a", 9), main("b", 8), main("c", -0.1)], policyOf([keepNewest, dropMain])).deleted;
      assert.deepEqual([before, after], [["a"], ["a"]]);
    });
    it("does not see what was changed since among them either", () => {
      const { deleted } = planOf([prod, main("a", 9), main("b", 8), main("c", 7, -0.1)], policyOf([keepNewest, dropMain]));
      assert.deepEqual(deleted, ["a"]);
    });
    it("sees what was pushed at the very start of the day", () => {
      assert.deepEqual(planOf([prod, main("a", 9), main("b", 8), main("c", 0)], policyOf([keepNewest, dropMain])).deleted, ["a", "b"]);
    });
    it("leaves it", () => {
      assert.deepEqual(planOf([prod, image("lone", { days: -0.1 })], policyOf([dropEverything])).deleted, []);
    });
    it("leaves what it needs", () => {
      const entries = [prod, index("new", ["old"], { tags: ["pr-2"], days: -0.1 }), index("pr", ["old"], { tags: ["pr-1"] }), image("old")];
      assert.deepEqual(planOf(entries, policyOf([dropPullRequests])).deleted, ["pr"]);
    });
    it("leaves what it refers to", () => {
      const entries = [prod, image("pr", { tags: ["pr-1"] }), image("signature", { subject: "pr", days: -0.1 })];
      const { deleted, withheld } = planOf(entries, policyOf([dropPullRequests]));
      assert.deepEqual(deleted, []);
      assert.deepEqual(withheld, { pr: "a referrer of it is younger than `minimumAge`" });
    });
  });

  describe("when something is younger than the minimum age", () => {
    const deletedAt = (days: number, updatedDays = days) =>
      planOf([prod, image("lone", { days, updatedDays })], policyOf([dropEverything], { minimumAge: "2d" })).deleted;

    it("stays a moment before it", () => assert.deepEqual(deletedAt(2 - 1e-6), []));
    it("goes at it", () => assert.deepEqual(deletedAt(2), ["lone"]));
    it("stays when it was changed lately, whatever its creation says", () => assert.deepEqual(deletedAt(100, 1), []));
    it("stays when it was created lately, whatever its last change says", () => assert.deepEqual(deletedAt(1, 100), []));
    it("stays without a word: every push is young", () => {
      assert.deepEqual(planOf([prod, image("lone", { days: 1 })], policyOf([dropEverything], { minimumAge: "2d" })).withheld, {
        prod: "GitHub refuses to delete the last tagged version",
      });
    });
    it("stays as a part, though its image goes", () => {
      const entries = [prod, index("pr", ["part"], { tags: ["pr-1"] }), image("part", { days: 0.5 })];
      assert.deepEqual(planOf(entries, policyOf([dropPullRequests])).deleted, ["pr"]);
    });
  });

  describe("when an image lost its tag lately", () => {
    it("counts from then", () => {
      assert.deepEqual(planOf([prod, image("lone", { days: 100, updatedDays: 13 })], policyOf([dropUntagged])).deleted, []);
    });
  });

  describe("when clocks disagree (S7)", () => {
    const entries = [prod, image("lone", { days: 20 })];
    const inventory = packageOf(...entries);
    const policy = policyOf([dropUntagged]);

    it("takes today from GitHub's clock, though the local one is years ahead or behind", () => {
      for (const years of [-20, 20]) {
        const shift = years * 365 * day;
        const shifted = {
          ...inventory,
          now: inventory.now + shift,
          versions: inventory.versions.map((one) => ({ ...one, createdAt: one.createdAt + shift, updatedAt: one.updatedAt + shift })),
        };
        const { plan } = decide(buildGraph(shifted), policy, { deletions: {}, plans: {} });
        assert.equal(plan.asOf, new Date(moment + shift).toISOString().slice(0, 10));
        assert.deepEqual(namesOf(plan.deletions.digests(), ...entries), ["lone"]);
      }
    });
    it("makes nothing older than GitHub's clock does, whatever day is asked for", () => {
      const young = packageOf(prod, image("lone", { days: 2 }));
      const plan = computePlan(buildGraph(young), policy, { asOf: "2036-11-23" });
      assert.equal(plan.deletions.digests().includes(digestOf("lone")), false);
    });
  });
});
