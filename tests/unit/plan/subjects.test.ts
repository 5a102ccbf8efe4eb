import assert from "node:assert/strict";
import { buildGraph } from "../../../components/graph/graph";
import { judged } from "../../../components/plan/subjects";
import type { Subject } from "../../../components/rules/evaluate";
import {
  childOf,
  digestOf,
  type Entry,
  fallbackTagOf,
  image,
  index,
  indexChildOf,
  moment,
  packageOf,
} from "../../support/builders/package";

function subjectOf(name: string, ...entries: readonly Entry[]): Subject {
  const graph = buildGraph(packageOf(...entries));
  const [found] = judged(graph, [graph.byDigest.get(digestOf(name)) ?? -1], moment).subjects;
  assert.ok(found);
  return found;
}

function gone(name: string, tags: readonly string[] = []): Entry {
  return { ...image(name, { tags }), manifest: { index: false, children: [], gone: true } };
}

const onPlatform = (name: string, platform: string) => ({ ...childOf(name, platform), platform });

describe("what rules see of a version", () => {
  describe("when it is an index", () => {
    const multi = index("multi", [onPlatform("amd64", "linux/amd64"), onPlatform("arm64", "linux/arm64"), childOf("about", "attestation")]);
    it("are the platforms that it lists, each once, attestations apart", () => {
      assert.deepEqual(subjectOf("multi", multi, image("amd64"), image("arm64"), image("about")).platforms, ["linux/amd64", "linux/arm64"]);
    });
    it("are those of the indexes in it, at any depth", () => {
      const outer = index("outer", [indexChildOf("middle"), onPlatform("windows", "windows/amd64")]);
      const middle = index("middle", [indexChildOf("multi")]);
      assert.deepEqual([...subjectOf("outer", outer, middle, multi).platforms].sort(), ["linux/amd64", "linux/arm64", "windows/amd64"]);
    });
    it("end in circles, from wherever they are looked at", () => {
      const one = index("one", [indexChildOf("two"), onPlatform("a", "linux/amd64")]);
      const two = index("two", [indexChildOf("one"), onPlatform("b", "linux/arm64")]);
      for (const name of ["one", "two"]) assert.deepEqual([...subjectOf(name, one, two).platforms].sort(), ["linux/amd64", "linux/arm64"]);
    });
    it("are none of a single image", () => assert.deepEqual(subjectOf("amd64", multi, image("amd64")).platforms, []));
  });

  describe("when something is missing", () => {
    const multi = index("multi", ["amd64", "arm64"]);
    it("is broken without some of its manifests, or all", () => {
      assert.equal(subjectOf("multi", multi, image("amd64")).broken, true);
      assert.equal(subjectOf("multi", multi).broken, true);
    });
    it("is broken where a manifest is there in name only", () => {
      assert.equal(subjectOf("multi", multi, image("amd64"), gone("arm64")).broken, true);
    });
    it("is broken when it is gone itself", () => assert.equal(subjectOf("lost", gone("lost", ["v1"])).broken, true));
    it("is a ghost when none of its manifests is there but in name", () => {
      const ghosts = [[], [gone("amd64")], [gone("amd64"), gone("arm64")]];
      for (const held of ghosts) assert.equal(subjectOf("multi", multi, ...held).ghost, true);
      for (const held of [[image("amd64")], [gone("amd64"), image("arm64")]]) assert.equal(subjectOf("multi", multi, ...held).ghost, false);
    });
    it("is a ghost when it is gone itself, whatever it lists", () => {
      const lost = gone("lost", ["v1"]);
      assert.equal(
        subjectOf("lost", { ...lost, manifest: { index: true, children: [childOf("amd64")], gone: true } }, image("amd64")).ghost,
        true,
      );
    });
    it("is a ghost though blobs that it lists are versions", () => {
      const cache = index("cache", ["amd64", { ...childOf("layer"), other: true }]);
      assert.equal(subjectOf("cache", cache, image("layer")).ghost, true);
    });
    it("is whole with all of them", () => assert.equal(subjectOf("multi", multi, image("amd64"), image("arm64")).broken, false));
    it("is whole without blobs, as build caches list them", () => {
      assert.equal(subjectOf("cache", index("cache", [{ ...childOf("layer"), other: true }])).broken, false);
    });
    it("is whole though a nested index is broken", () => {
      assert.equal(subjectOf("outer", index("outer", [indexChildOf("multi")]), multi).broken, false);
    });
  });

  describe("when it refers to something", () => {
    const sbom = image("sbom", { subject: "app", artifactType: "application/spdx+json" });
    it("dangles while that is not there", () => assert.equal(subjectOf("sbom", sbom).dangling, true));
    it("does not dangle while that is there", () => assert.equal(subjectOf("sbom", sbom, image("app")).dangling, false));
    it("dangles by a tag of a scheme", () => {
      const signature = image("signature", { tags: [`${fallbackTagOf("app")}.sig`] });
      assert.equal(subjectOf("signature", signature).dangling, true);
      assert.equal(subjectOf("signature", signature, image("app")).dangling, false);
    });
    it("does not dangle as long as one of several subjects is there", () => {
      const both = image("both", { subject: "gone", tags: [`${fallbackTagOf("app")}.sig`] });
      assert.equal(subjectOf("both", both, image("app")).dangling, false);
    });
    it("dangles though people tagged it", () => {
      assert.equal(subjectOf("sbom", { ...sbom, version: { ...sbom.version, tags: ["mine"] } }).dangling, true);
    });
    it("has its artifact type", () => assert.equal(subjectOf("sbom", sbom).artifactType, "application/spdx+json"));
  });
});
