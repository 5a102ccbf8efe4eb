import assert from "node:assert/strict";
import type { Subject } from "../../../components/rules/evaluate";
import type { RuleInput } from "../../support/builders/policy";
import { subject, verdictOf } from "../../support/builders/subject";

/** Does a rule with these conditions match? */
function isMatched(one: Subject, conditions: object, action: "keep" | "delete" = "delete"): boolean {
  return verdictOf(one, { name: "rule", action, ...conditions } as RuleInput) !== "none";
}

describe("a condition", () => {
  describe("when it is about what tags are not", () => {
    const notRelease = { notTags: ["v*", "/^prod$/"] };
    it("takes an image without such a tag", () => assert.equal(isMatched(subject({ tags: ["pr-1"] }), notRelease), true));
    it("takes an untagged image", () => assert.equal(isMatched(subject(), notRelease), true));
    it("leaves an image with such a tag among others", () => {
      assert.equal(isMatched(subject({ tags: ["pr-1", "v1"] }), notRelease), false);
      assert.equal(isMatched(subject({ tags: ["prod"] }), notRelease), false);
    });
  });

  describe("when it is a range of versions", () => {
    const old = { semver: "<1.4.0" };
    it("takes an image with such a version", () => assert.equal(isMatched(subject({ tags: ["v1.3.9-alpine"] }), old), true));
    it("leaves other versions, what is none, and the untagged", () => {
      for (const tags of [["1.4.0"], ["1.3.9-rc.1"], ["latest"], []]) assert.equal(isMatched(subject({ tags }), old), false, tags.join());
    });
    it("reads the `_` of a chart's tag as the `+` of its version", () => {
      assert.equal(isMatched(subject({ tags: ["1.3.9_build.5"] }), old), true);
      assert.equal(isMatched(subject({ tags: ["1.4.0_build.5"] }), old), false);
      assert.equal(isMatched(subject({ tags: ["1.3.9", "1.4.0_build.5"] }), old), false);
    });
    it("speaks for the tags in the range only", () => {
      assert.equal(isMatched(subject({ tags: ["1.3.9", "latest"] }), old), false);
      assert.equal(isMatched(subject({ tags: ["1.3.9", "v1.3.9"] }), old), true);
    });
    it("asks with `tags` for tags that are both", () => {
      const both = { ...old, tags: ["v*"] };
      assert.equal(isMatched(subject({ tags: ["v1.3.9"] }), both), true);
      assert.equal(isMatched(subject({ tags: ["1.3.9", "v1.4.0"] }), both), false);
    });
    it("takes with `untagged` either", () => assert.equal(isMatched(subject(), { ...old, untagged: true }), true));
  });

  describe("when tags have exceptions", () => {
    const rule = { tags: ["pr-*", "!pr-1"] };
    it("does not speak for those", () => {
      assert.equal(isMatched(subject({ tags: ["pr-2"] }), rule), true);
      assert.equal(isMatched(subject({ tags: ["pr-1", "pr-2"] }), rule), false);
    });
    it("keeps an image by another tag", () => assert.equal(isMatched(subject({ tags: ["pr-1", "pr-2"] }), rule, "keep"), true));
  });

  describe("when it is about age", () => {
    const changed = subject({ tags: ["pr-1"], days: 100, updatedDays: 2 });
    it("takes what is younger, and not what is of the very age", () => {
      assert.equal(isMatched(subject({ days: 14 - 1e-6 }), { newerThan: "14d" }), true);
      assert.equal(isMatched(subject({ days: 14 }), { newerThan: "14d" }), false);
    });
    it("takes what lies between two ages", () => {
      assert.deepEqual(
        [1, 7, 13, 14].map((days) => isMatched(subject({ days }), { olderThan: "7d", newerThan: "P2W" })),
        [false, true, true, false],
      );
    });
    it("counts from what the rule says", () => {
      const older = (age: string) => isMatched(changed, { olderThan: "14d", age });
      assert.deepEqual(["created", "updated", "unneeded"].map(older), [true, false, false]);
    });
    it("counts an untagged image from creation where the rule says so", () => {
      const untagged = subject({ days: 100, updatedDays: 2 });
      assert.equal(isMatched(untagged, { olderThan: "14d" }), false);
      assert.equal(isMatched(untagged, { olderThan: "14d", age: "created" }), true);
    });
  });

  describe("when it is about what an image holds", () => {
    const multi = subject({ more: { platforms: ["linux/amd64", "linux/arm/v7"] } });
    it("takes an index with such a platform", () => {
      assert.equal(isMatched(multi, { platforms: ["linux/arm*"] }), true);
      assert.equal(isMatched(multi, { platforms: ["windows/*", "linux/s390x"] }), false);
      assert.equal(isMatched(subject(), { platforms: ["*"] }), false);
    });
    const chart = subject({ more: { artifactType: "application/vnd.cncf.helm.config.v1+json" } });
    it("takes such an artifact", () => {
      assert.equal(isMatched(chart, { artifactType: ["*spdx*", "application/vnd.cncf.helm.*"] }), true);
      assert.equal(isMatched(chart, { artifactType: ["application/vnd.cncf"] }), false);
      assert.equal(isMatched(subject(), { artifactType: ["*"] }), false);
    });
    const annotated = subject({ more: { annotations: { stage: "test", team: "first\nsecond" } } });
    it("takes what has each of the annotations", () => {
      assert.equal(isMatched(annotated, { annotations: { stage: "t?st", team: "*" } }), true);
      assert.equal(isMatched(annotated, { annotations: { stage: "test", owner: "*" } }), false);
      assert.equal(isMatched(annotated, { annotations: { stage: "prod" } }), false);
      assert.equal(isMatched(annotated, { annotations: { constructor: "*" } }), false);
    });
  });

  describe("when it names digests", () => {
    const one = subject({ id: 7 });
    const part = subject({ id: 7, role: "child" });
    const named = { digests: [one.digest] };
    it("takes these", () => assert.equal(isMatched(one, named), true));
    it("leaves others", () => assert.equal(isMatched(subject({ id: 8 }), named), false));
    it("keeps a part of an image that it names", () => assert.equal(isMatched(part, named, "keep"), true));
    it("does not delete a part, unless the scope is versions", () => {
      assert.equal(isMatched(part, named), false);
      assert.equal(isMatched(part, { ...named, scope: "versions" }), true);
    });
  });

  describe("when a referrer lost its subject", () => {
    const lost = subject({ role: "referrer", more: { dangling: true } });
    it("takes it where that is asked for", () => assert.equal(isMatched(lost, { dangling: true }), true));
    it("leaves it to no other delete rule, whatever its scope and tags", () => {
      assert.equal(isMatched(lost, { scope: "versions" }), false);
      assert.equal(isMatched(subject({ role: "referrer", tags: ["pr-1"], more: { dangling: true } }), { tags: ["pr-*"] }), false);
    });
    it("may be kept by any rule", () => assert.equal(isMatched(lost, { scope: "versions" }, "keep"), true));
    it("leaves what has its subject", () => assert.equal(isMatched(subject({ role: "referrer" }), { dangling: true }), false));
  });

  describe("when an index is broken", () => {
    it("takes it", () => assert.equal(isMatched(subject({ more: { broken: true } }), { broken: true }), true));
    it("leaves what is whole", () => assert.equal(isMatched(subject(), { broken: true }), false));
    it("speaks for its tags only where it is not asked about them", () => {
      const broken = subject({ tags: ["v1"], more: { broken: true } });
      assert.equal(isMatched(broken, { broken: true }), true);
      assert.equal(isMatched(broken, { broken: true, untagged: true }), false);
    });
  });

  describe("when there are several", () => {
    it("takes what meets all of them", () => {
      const all = { tags: ["pr-*"], olderThan: "7d", notTags: ["keep"], broken: true };
      assert.equal(isMatched(subject({ tags: ["pr-1"], more: { broken: true } }), all), true);
      assert.equal(isMatched(subject({ tags: ["pr-1"] }), all), false);
      assert.equal(isMatched(subject({ tags: ["pr-1"], days: 1, more: { broken: true } }), all), false);
      assert.equal(isMatched(subject({ tags: ["pr-1", "keep"], more: { broken: true } }), all), false);
    });
  });
});
