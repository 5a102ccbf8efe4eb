import assert from "node:assert/strict";
import {
  dropEverything,
  dropPullRequests,
  dropUntagged,
  dropUntaggedVersions,
  keepReleases,
  type RuleInput,
} from "../../support/builders/policy";
import { subject, verdictOf, verdictsOf } from "../../support/builders/subject";

const dropOldTags: RuleInput = { name: "drop-old", action: "delete", tags: ["*"], olderThan: "30d" };

describe("the verdict of the rules", () => {
  describe("when no rule matches", () => {
    it("is none", () => assert.equal(verdictOf(subject({ tags: ["main-1"] }), dropPullRequests, keepReleases), "none"));
  });

  describe("when a keep and a delete rule match", () => {
    const both = subject({ tags: ["v1"] });
    it("keeps", () => assert.equal(verdictOf(both, dropEverything, keepReleases), "keep keep-releases"));
    it("keeps in the other order", () => assert.equal(verdictOf(both, keepReleases, dropEverything), "keep keep-releases"));
    it("names the first rule that keeps", () => {
      const keepAll: RuleInput = { name: "keep-all", action: "keep" };
      assert.equal(verdictOf(both, keepAll, keepReleases), "keep keep-all");
    });
  });

  describe("when several delete rules match", () => {
    it("names them all", () => {
      assert.equal(verdictOf(subject({ tags: ["pr-1"] }), dropPullRequests, dropOldTags), "delete drop-pr drop-old");
    });
  });

  describe("when a rule has no condition", () => {
    it("matches a tagged image", () => assert.equal(verdictOf(subject({ tags: ["v1"] }), dropEverything), "delete drop-everything"));
    it("matches an untagged one", () => assert.equal(verdictOf(subject(), dropEverything), "delete drop-everything"));
  });

  describe("when a rule has tags and `untagged`", () => {
    const either: RuleInput = { ...dropUntagged, name: "either", tags: ["pr-*"] };
    it("matches by a tag", () => assert.equal(verdictOf(subject({ tags: ["pr-1"] }), either), "delete either"));
    it("matches what has no tag", () => assert.equal(verdictOf(subject(), either), "delete either"));
    it("does not match another tag", () => assert.equal(verdictOf(subject({ tags: ["v1"] }), either), "none"));
  });

  describe("when an image has several tags", () => {
    const two = subject({ tags: ["pr-1", "main-1"] });
    it("stays while one of them may not go", () => assert.equal(verdictOf(two, dropPullRequests), "none"));
    it("is not freed by a rule about untagged images", () => assert.equal(verdictOf(two, dropPullRequests, dropUntagged), "none"));
    it("goes when each of them may go, each by a rule of its own", () => {
      const dropMain: RuleInput = { name: "drop-main", action: "delete", tags: ["main-*"] };
      assert.equal(verdictOf(two, dropPullRequests, dropMain), "delete drop-pr drop-main");
    });
    it("stays while the rule for one of them waits", () => {
      const dropMain: RuleInput = { name: "drop-main", action: "delete", tags: ["main-*"], olderThan: "200d" };
      assert.equal(verdictOf(two, dropPullRequests, dropMain), "none");
    });
    it("goes by a rule without conditions", () => {
      assert.equal(verdictOf(two, dropPullRequests, dropEverything), "delete drop-pr drop-everything");
    });
    it("is kept by any one of them", () => {
      assert.equal(verdictOf(subject({ tags: ["pr-1", "prod"] }), dropEverything, keepReleases), "keep keep-releases");
    });
  });

  describe("when age decides", () => {
    it("matches at the very age", () => assert.equal(verdictOf(subject({ days: 14 }), dropUntagged), "delete drop-untagged"));
    it("does not match a moment earlier", () => assert.equal(verdictOf(subject({ days: 14 - 1e-6 }), dropUntagged), "none"));
    it("counts an untagged image from its last change: losing its tag starts the clock", () => {
      assert.equal(verdictOf(subject({ days: 100, updatedDays: 2 }), dropUntagged), "none");
    });
    it("counts an untagged image from its creation where that is later", () => {
      assert.equal(verdictOf(subject({ days: 2, updatedDays: 100 }), dropUntagged), "none");
    });
    it("counts a tagged image from its creation", () => {
      assert.equal(verdictOf(subject({ tags: ["pr-1"], days: 100, updatedDays: 2 }), dropPullRequests), "delete drop-pr");
    });
  });

  describe("when only the most recent are kept", () => {
    const keepTwo: RuleInput = { name: "keep-two", action: "keep", tags: ["main-*"], mostRecent: 2 };
    const main = (id: number, days: number) => subject({ id, days, tags: [`main-${id}`] });

    it("keeps the newest by creation, in whatever order they are listed", () => {
      const verdicts = verdictsOf([main(1, 10), main(2, 30), main(3, 20)], keepTwo, dropEverything);
      assert.deepEqual(verdicts, ["keep keep-two", "delete drop-everything", "keep keep-two"]);
    });
    it("does not look at changes", () => {
      const changed = subject({ id: 4, days: 40, updatedDays: 1, tags: ["main-4"] });
      assert.equal(verdictsOf([main(1, 10), main(2, 20), changed], keepTwo, dropEverything)[2], "delete drop-everything");
    });
    it("tells those of one moment apart by their ids", () => {
      const verdicts = verdictsOf([main(1, 10), main(3, 10), main(2, 10)], keepTwo, dropEverything);
      assert.deepEqual(verdicts, ["delete drop-everything", "keep keep-two", "keep keep-two"]);
    });
    it("gives places only to what the rule matches", () => {
      const other = subject({ id: 9, days: 1, tags: ["pr-9"] });
      assert.equal(verdictsOf([other, main(1, 10), main(2, 20)], keepTwo, dropEverything)[2], "keep keep-two");
    });
    it("gives an image with two matching tags one place", () => {
      const twice = subject({ id: 5, days: 1, tags: ["main-5", "main-latest"] });
      assert.equal(verdictsOf([twice, main(1, 10)], keepTwo, dropEverything)[1], "keep keep-two");
    });
    it("gives a tagged referrer a place, as a person's tag does whatever it is on", () => {
      const sbom = subject({ id: 6, days: 1, tags: ["main-sbom"], role: "referrer" });
      const verdicts = verdictsOf([sbom, main(1, 10), main(2, 20)], keepTwo, dropEverything);
      assert.deepEqual(verdicts, ["keep keep-two", "keep keep-two", "delete drop-everything"]);
    });
    it("gives an image that another rule keeps its place all the same", () => {
      const keepFirst: RuleInput = { name: "keep-first", action: "keep", tags: ["main-1"] };
      const verdicts = verdictsOf([main(1, 10), main(2, 20), main(3, 30)], keepFirst, keepTwo, dropEverything);
      assert.deepEqual(verdicts, ["keep keep-first", "keep keep-two", "delete drop-everything"]);
    });
  });

  describe("when the scope is images", () => {
    it("does not see a child", () => assert.equal(verdictOf(subject({ role: "child" }), dropUntagged), "none"));
    it("does not see an untagged referrer", () => assert.equal(verdictOf(subject({ role: "referrer" }), dropUntagged), "none"));
    it("judges a referrer that people tagged by its tags", () => {
      assert.equal(verdictOf(subject({ role: "referrer", tags: ["pr-1"] }), dropPullRequests), "delete drop-pr");
    });
  });

  describe("when the scope is versions", () => {
    it("sees a child, as the workflow of 2023 did", () => {
      assert.equal(verdictOf(subject({ role: "child" }), dropUntaggedVersions), "delete drop-untagged-versions");
    });
    it("sees a referrer", () => {
      assert.equal(verdictOf(subject({ role: "referrer" }), dropUntaggedVersions), "delete drop-untagged-versions");
    });
    it("gives children places among the most recent", () => {
      const keepOne: RuleInput = { name: "keep-one", action: "keep", untagged: true, mostRecent: 1, scope: "versions" };
      const verdicts = verdictsOf([subject({ id: 1, days: 20 }), subject({ id: 2, days: 10, role: "child" })], keepOne, dropUntagged);
      assert.deepEqual(verdicts, ["delete drop-untagged", "keep keep-one"]);
    });
  });
});
