import assert from "node:assert/strict";
import { deletionText } from "../../../components/messages/deletion-reason";
import { deletionReasons } from "../../../components/plan/reasons";
import { type Entry, fallbackTagOf, image, index } from "../../support/builders/package";
import { planOf } from "../../support/builders/planned";
import { dropUntagged, policyOf, type RuleInput } from "../../support/builders/policy";

const keepReleases: RuleInput = { name: "keep-releases", action: "keep", tags: ["v*"] };
const dropOld: RuleInput = { name: "drop-old", action: "delete", tags: ["*"], olderThan: "14d" };
const prod = image("prod", { tags: ["v1"] });

/** A tag that a tool derived from the digest of a version. */
const derived = (name: string, suffix = "") => `${fallbackTagOf(name)}${suffix}`;

function planned(entries: readonly Entry[], ...rules: RuleInput[]) {
  return planOf(entries, policyOf(rules));
}

describe("a tag with a suffix that nobody knows", () => {
  const source = image("source", { tags: [derived("prod", ".src")] });
  it("belongs to the image that it names", () => {
    const { deleted, withheld } = planned([prod, source, image("pr", { tags: ["pr-1"] })], keepReleases, dropOld);
    assert.deepEqual(deleted, ["pr"]);
    assert.deepEqual(withheld, {});
  });
  it("goes with that image", () => {
    const old = image("old", { tags: ["pr-1"] });
    assert.deepEqual(planned([prod, old, image("vex", { tags: [derived("old", ".vex")] })], keepReleases, dropOld).deleted, ["old", "vex"]);
  });
  it("keeps an image that a person tagged too, and the preview says for whom", () => {
    const both = image("both", { tags: ["pr-1", derived("prod", ".src")] });
    assert.deepEqual(planned([prod, both], keepReleases, dropOld).withheld, { both: "artifact (.src) of v1" });
  });
  it("stays where the package does not hold what it names, which may be in another one", () => {
    assert.deepEqual(planned([prod, image("vex", { tags: [derived("elsewhere", ".vex")] })], keepReleases, dropOld).deleted, []);
  });
});

describe("a tag that names its own version", () => {
  const copy = (name: string, ...tags: string[]) => image(name, { tags: [...tags, derived(name), derived(name, ".imgpkg")] });

  it("is no person's: the image goes by the tags that people set", () => {
    assert.deepEqual(planned([prod, copy("pr", "pr-1")], { ...dropOld, tags: ["pr-*"] }).deleted, ["pr"]);
  });
  it("is no image of its own in an index that goes", () => {
    const multi = index("multi", ["amd64"], { tags: ["pr-1", derived("multi")] });
    assert.deepEqual(planned([prod, multi, copy("amd64")], { ...dropOld, tags: ["pr-*"] }).deleted, ["amd64", "multi"]);
  });

  describe("when there is no other", () => {
    it("makes the image no untagged one", () => assert.deepEqual(planned([prod, copy("copied")], dropUntagged).deleted, []));
    it("is matched by patterns of tags", () => {
      for (const tags of [["*"], ["sha256-*"], ["*.imgpkg"]])
        assert.deepEqual(planned([prod, copy("copied")], keepReleases, { ...dropOld, tags }).deleted, ["copied"]);
    });
    it("is kept by patterns of tags", () => {
      const keep: RuleInput = { name: "keep", action: "keep", tags: ["sha256-*"] };
      assert.deepEqual(planned([prod, copy("copied")], keep, { name: "drop", action: "delete", olderThan: "14d" }).deleted, ["prod"]);
    });
    it("is excluded by patterns of tags", () => {
      for (const narrower of [{ notTags: ["sha256-*"] }, { tags: ["*", "!*.imgpkg", "!sha256-*"] }])
        assert.deepEqual(planned([prod, copy("copied")], keepReleases, { ...dropOld, ...narrower }).deleted, []);
    });
    it("is what the reason of its deletion names", () => {
      const { plan } = planned([prod, copy("copied")], keepReleases, dropOld);
      const [planned1] = [...deletionReasons(plan).values()];
      assert.ok(planned1);
      assert.equal(deletionText(planned1.reason), `${derived("copied")}, ${derived("copied", ".imgpkg")}, 100 days old (drop-old)`);
    });
    it("is what the reason to stay names", () => {
      const { plan } = planned([prod, copy("copied")], dropUntagged);
      const reasons = [...plan.stays.values()].filter(({ kind }) => kind === "only-derived-tags");
      assert.deepEqual(reasons, [{ kind: "only-derived-tags", tag: derived("copied") }]);
    });
  });
});

describe("a relocated bundle", () => {
  const bundle = (name: string, images: readonly string[], options: { tags?: string[]; days?: number } = {}): Entry => {
    const entry = image(name, { ...options, tags: [...(options.tags ?? []), derived(name, ".imgpkg")] });
    const references = images.map((one) => ({ to: { digest: image(one).version.digest }, label: "image" }));
    return { ...entry, manifest: { index: false, children: [], references } };
  };
  const relocated = (name: string, days: number) => image(name, { tags: [derived(name, ".imgpkg")], days });
  const locations = (of: string, days: number) => {
    const name = `${of} locations`;
    return image(name, { tags: [derived(of, ".image-locations.imgpkg"), derived(name, ".imgpkg")], days });
  };
  const keepNewest: RuleInput = { ...keepReleases, mostRecent: 1 } as RuleInput;
  const releases = [
    relocated("i1", 90),
    relocated("shared", 90),
    relocated("i2", 60),
    bundle("b1", ["i1", "shared"], { tags: ["v1"], days: 90 }),
    locations("b1", 90),
    bundle("b2", ["i2", "shared", "elsewhere"], { tags: ["v2"], days: 60 }),
    locations("b2", 60),
  ];

  it("keeps its images and its image of locations", () => {
    const { deleted, plan } = planned(releases, keepNewest, dropOld);
    assert.deepEqual(deleted, ["b1", "b1 locations", "i1"]);
    assert.equal(new Set([...deletionReasons(plan).values()].map(({ image: node }) => node)).size, 1, "one image in the table");
  });
  it("keeps what the bundle in it names", () => {
    const nested = [bundle("outer", ["b1"], { tags: ["v3"], days: 30 }), ...releases];
    assert.deepEqual(planned(nested, keepNewest, dropOld).deleted, ["b2", "b2 locations", "i2"]);
  });
});

describe("a part that only tools tagged", () => {
  it("is no untagged version, whatever lists it", () => {
    const part = image("part", { tags: [derived("part")] });
    const raw: RuleInput = { name: "raw", action: "delete", untagged: true, scope: "versions" };
    const list = index("list", ["part"], { tags: ["pr-1"] });
    for (const entries of [
      [prod, part],
      [prod, part, list],
    ])
      assert.deepEqual(planned(entries, raw).deleted, []);
    assert.deepEqual(planned([prod, part, list], raw).withheld, {});
  });
});
