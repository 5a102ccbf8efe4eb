import assert from "node:assert/strict";
import type { Entry } from "../../support/builders/package";
import { childOf, image, index, indexChildOf } from "../../support/builders/package";
import { planOf } from "../../support/builders/planned";
import { policyOf, type RuleInput } from "../../support/builders/policy";

const keepTwo: RuleInput = { name: "keep-two", action: "keep", tags: ["v*"], mostRecent: 2 };
const dropOld: RuleInput = { name: "drop-old", action: "delete", tags: ["*"], olderThan: "14d" };
const keepBase: RuleInput = { name: "keep-base", action: "keep", tags: ["base", "sbom-*"] };

function deleted(entries: readonly Entry[], ...rules: RuleInput[]): readonly string[] {
  return planOf(entries, policyOf(rules)).deleted;
}

/** An index whose platform has a tag of its own, pushed so many days ago. */
function release(version: string, days: number): Entry[] {
  return [
    index(version, [childOf(`${version}-amd64`)], { tags: [version], days }),
    image(`${version}-amd64`, { tags: [`${version}-amd64`], days: days + 1 }),
  ];
}

describe("the two most recent releases", () => {
  describe("when each platform has a tag of its own", () => {
    const releases = [...release("v1", 90), ...release("v2", 60), ...release("v3", 30)];
    it("are two releases, with their parts", () => assert.deepEqual(deleted(releases, keepTwo, dropOld), ["v1", "v1-amd64"]));
    it("are two by their last change", () => {
      const rule: RuleInput = { ...keepTwo, mostRecent: { count: 2, by: "updated" } } as RuleInput;
      assert.deepEqual(deleted(releases, rule, dropOld), ["v1", "v1-amd64"]);
    });
    it("are two by version, though each part is of the same version", () => {
      const rule: RuleInput = { ...keepTwo, mostRecent: { count: 2, by: "semver" } } as RuleInput;
      const versions = [...release("v1.0.0", 30), ...release("v2.0.0", 60), ...release("v3.0.0", 90)];
      assert.deepEqual(deleted(versions, rule, dropOld), ["v1.0.0", "v1.0.0-amd64"]);
    });
    it("count the part of an image that the rule does not match", () => {
      const rule: RuleInput = { ...keepTwo, tags: ["*-amd64"] };
      assert.deepEqual(deleted(releases, rule, dropOld), ["v1", "v1-amd64", "v2", "v3"]);
    });
    it("count every version where the rule is about versions", () => {
      const rule: RuleInput = { ...keepTwo, scope: "versions" };
      assert.deepEqual(deleted(releases, rule, dropOld), ["v1", "v1-amd64", "v2", "v2-amd64"]);
    });
  });

  describe("when parts are deep, or shared", () => {
    it("are those at the top", () => {
      const outer = index("outer", [indexChildOf("v3")], { tags: ["v4"], days: 20 });
      assert.deepEqual(deleted([outer, ...release("v3", 30), ...release("v2", 60), ...release("v1", 90)], keepTwo, dropOld), [
        "v1",
        "v1-amd64",
      ]);
    });
    it("take along a part that an older release shares", () => {
      const shared = image("shared", { tags: ["v0-amd64"], days: 95 });
      const of = (version: string, days: number) => index(version, ["shared"], { tags: [version], days });
      assert.deepEqual(deleted([of("v3", 30), of("v2", 60), of("v1", 90), shared], keepTwo, dropOld), ["v1"]);
    });
  });

  describe("when images need each other", () => {
    const circle = [
      index("one", [childOf("two")], { tags: ["v3"], days: 30 }),
      index("two", [childOf("one"), childOf("below")], { tags: ["v3-b"], days: 31 }),
      image("below", { tags: ["v4"], days: 10 }),
    ];
    it("count a circle once, and nothing under it", () => {
      assert.deepEqual(deleted([...circle, ...release("v2", 60), ...release("v1", 90)], keepTwo, dropOld), ["v1", "v1-amd64"]);
    });
  });
});

describe("a person's tag on a referrer", () => {
  describe("when a rule keeps the most recent", () => {
    const sbom = (tag: string, days: number) => image(tag, { tags: [tag], subject: "base", days });
    const base = image("base", { tags: ["base"] });
    it("takes a place", () => {
      assert.deepEqual(deleted([base, sbom("v1", 90), sbom("v2", 60), sbom("v3", 30)], keepTwo, keepBase, dropOld), ["v1"]);
    });
    it("takes none beside its own subject, with which it stays", () => {
      const entries = ["v1", "v2", "v3"].flatMap((tag, place) => [
        image(tag, { tags: [tag], days: 90 - 30 * place }),
        image(`${tag}-sbom`, { tags: [`${tag}-sbom`], subject: tag, days: 89 - 30 * place }),
      ]);
      assert.deepEqual(deleted(entries, keepTwo, dropOld), ["v1", "v1-sbom"]);
    });
  });

  describe("when a rule keeps it", () => {
    const app = image("app", { tags: ["v1"] });
    const sbom = image("sbom", { tags: ["sbom-v1"], subject: "app" });
    const dropReleases: RuleInput = { ...dropOld, tags: ["v*"] };
    const other = image("other", { tags: ["base"] });
    it("keeps its subject, and says so", () => {
      const planned = planOf([app, sbom, other], policyOf([keepBase, dropReleases]));
      assert.deepEqual(planned.deleted, []);
      assert.deepEqual(planned.withheld, { app: "a referrer of it is kept by keep-base" });
    });
    it("keeps the subject of its subject", () => {
      const signature = image("signature", { tags: ["sbom-signed"], subject: "list" });
      assert.deepEqual(deleted([app, image("list", { subject: "app" }), signature, other], keepBase, dropReleases), []);
    });
    it("keeps its subject where a rule names its digest", () => {
      const named: RuleInput = { name: "named", action: "keep", digests: [image("sbom").version.digest] };
      assert.deepEqual(deleted([app, image("sbom", { subject: "app" }), other], named, dropReleases), []);
    });
    it("goes by its own tag, though its subject stays", () => {
      const dropBills: RuleInput = { name: "drop-sboms", action: "delete", tags: ["sbom-*"] };
      assert.deepEqual(deleted([app, sbom, image("untagged sbom", { subject: "app" })], dropBills), ["sbom"]);
    });
    it("stays with its subject where a rule deletes some of its tags", () => {
      const dropBills: RuleInput = { name: "drop-sboms", action: "delete", tags: ["sbom-*"] };
      assert.deepEqual(deleted([app, image("sbom", { tags: ["sbom-v1", "mine"], subject: "app" })], dropBills), []);
    });
    it("stays with what lists it", () => {
      const dropBills: RuleInput = { name: "drop-sboms", action: "delete", tags: ["sbom-*"] };
      const list = index("list", ["sbom"], { tags: ["v2"] });
      assert.deepEqual(deleted([app, list, sbom], dropBills), []);
    });
    it("keeps no subject where no rule speaks of it", () => {
      assert.deepEqual(deleted([app, sbom, other], dropReleases), ["app"]);
    });
    it("keeps no subject of a part that a most recent image leaves behind", () => {
      assert.deepEqual(deleted([app, image("old", { tags: ["v0"], days: 120 })], { ...keepTwo, mostRecent: 1 } as RuleInput, dropOld), [
        "old",
      ]);
    });
  });
});
