import assert from "node:assert/strict";
import type { Subject } from "../../../components/rules/evaluate";
import { dropEverything, type RuleInput } from "../../support/builders/policy";
import { subject, verdictsOf } from "../../support/builders/subject";

type KeepInput = Extract<RuleInput, { action: "keep" }>;

/** The tags of the images that stay, each image by its first one; ids count upwards. */
function kept(images: readonly Subject[], mostRecent: KeepInput["mostRecent"], more: Partial<KeepInput> = {}): string[] {
  const keep = { name: "keep", action: "keep", mostRecent, ...more } as RuleInput;
  const verdicts = verdictsOf(images, keep, dropEverything);
  return images.filter((_, place) => verdicts[place] === "keep keep").map(({ userTags, id }) => userTags[0] ?? `#${id}`);
}

function tagged(...tags: readonly (string | readonly string[])[]): Subject[] {
  return tags.map((one, place) => subject({ id: place + 1, tags: typeof one === "string" ? [one] : one, days: 100 - place }));
}

describe("the most recent images", () => {
  describe("when the version in the tag counts", () => {
    const releases = tagged("v1.0.0", "v1.0.3", "v1.0.1", "v1.0.2", "v1.1.0", "v1.1.1", "v2.0.0", "latest");

    it("are the newest of all", () => assert.deepEqual(kept(releases, { count: 2, by: "semver" }), ["v1.1.1", "v2.0.0"]));
    it("are the newest three patch releases of each minor", () => {
      assert.deepEqual(kept(releases, { count: 3, by: "semver", per: "minor" }), [
        "v1.0.3",
        "v1.0.1",
        "v1.0.2",
        "v1.1.0",
        "v1.1.1",
        "v2.0.0",
      ]);
    });
    it("are the newest of each major", () => {
      assert.deepEqual(kept(releases, { count: 1, by: "semver", per: "major" }), ["v1.1.1", "v2.0.0"]);
    });
    it("are the newest of each patch: the release before its prereleases", () => {
      const candidates = tagged("1.0.0-rc.1", "1.0.0-rc.2", "1.0.0", "1.0.1-rc.1");
      assert.deepEqual(kept(candidates, { count: 1, by: "semver", per: "patch" }), ["1.0.0", "1.0.1-rc.1"]);
    });
    it("do not go by creation", () => assert.deepEqual(kept(tagged("1.0.1", "1.0.0"), { count: 1, by: "semver" }), ["1.0.1"]));
    it("count each variant apart", () => {
      const images = tagged("1.0.0", "1.0.1", "1.0.0-alpine", "1.0.1-alpine", "1.0.0-slim");
      assert.deepEqual(kept(images, { count: 1, by: "semver" }), ["1.0.1", "1.0.1-alpine", "1.0.0-slim"]);
    });
    it("read Helm's `_` as the `+` of a version, and builds of one version by the order of their push", () => {
      assert.deepEqual(kept(tagged("0.1.0", "0.2.0", "0.3.0_build.5"), { count: 2, by: "semver" }), ["0.2.0", "0.3.0_build.5"]);
      assert.deepEqual(kept(tagged("0.3.0_build.10", "0.3.0_build.9"), { count: 1, by: "semver" }), ["0.3.0_build.9"]);
    });
    it("count each variant apart that stands beside a build", () => {
      const images = tagged("17.0.2_8-jdk", "17.0.2_8-jre", "17.0.3_7-jre", "17.0.3_1-jdk");
      assert.deepEqual(kept(images, { count: 1, by: "semver" }), ["17.0.3_7-jre", "17.0.3_1-jdk"]);
    });
    it("have one place for an image with several versions of a variant", () => {
      assert.deepEqual(kept(tagged("1.0.0", "1.0.1", ["1.0.2", "v1.0.2", "1.0.3"]), { count: 2, by: "semver" }), ["1.0.1", "1.0.2"]);
    });
    it("keep an image that is the newest of any variant", () => {
      assert.deepEqual(kept(tagged(["1.0.0", "1.0.0-alpine"], "1.0.1"), { count: 1, by: "semver" }), ["1.0.0", "1.0.1"]);
    });
    it("count only the tags that the rule is about", () => {
      const images = tagged(["v1.0.0", "2.0.0"], "v1.0.1");
      assert.deepEqual(kept(images, { count: 1, by: "semver" }, { tags: ["v*"] }), ["v1.0.1"]);
    });
    it("count only the versions in the range, so that a prerelease takes no place of a release", () => {
      const images = tagged("1.0.0", "1.0.1", "1.0.2-rc.1", "1.0.2-rc.2");
      assert.deepEqual(kept(images, { count: 2, by: "semver" }, { semver: "*" }), ["1.0.0", "1.0.1"]);
    });
    it("tell two images of one version apart by their ids", () => {
      assert.deepEqual(kept(tagged("1.0.0", "v1.0.0"), { count: 1, by: "semver" }), ["v1.0.0"]);
    });
    it("leave out what carries no version", () => assert.deepEqual(kept(tagged("latest", "1.4"), { count: 1, by: "semver" }), []));
  });

  describe("when the last change counts", () => {
    const images = [subject({ id: 1, days: 50, updatedDays: 1 }), subject({ id: 2, days: 10, updatedDays: 10 })];
    it("are those changed last", () => assert.deepEqual(kept(images, { count: 1, by: "updated" }), ["#1"]));
    it("are those created last otherwise", () => assert.deepEqual(kept(images, { count: 1 }), ["#2"]));
  });

  describe("when images are untagged", () => {
    it("are the newest of those", () => {
      const images = [subject({ id: 1, days: 5 }), subject({ id: 2, days: 9 }), subject({ id: 3, days: 1, tags: ["prod"] })];
      assert.deepEqual(kept(images, 1, { untagged: true }), ["#1"]);
    });
  });

  describe("when the rule asks for what is no image", () => {
    const referrers = [3, 2, 1].map((days) => subject({ id: days, days, role: "referrer", more: { dangling: true } }));
    it("are the newest dangling referrers", () => {
      const drop: RuleInput = { name: "drop", action: "delete", dangling: true };
      const keep: RuleInput = { name: "keep", action: "keep", dangling: true, mostRecent: 2 };
      assert.deepEqual(verdictsOf(referrers, keep, drop), ["delete drop", "keep keep", "keep keep"]);
    });
  });
});
