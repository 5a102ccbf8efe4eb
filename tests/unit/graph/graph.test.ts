import assert from "node:assert/strict";
import { buildGraph, type Graph, type Node } from "../../../components/graph/graph";
import type { Manifest } from "../../../components/model/inventory";
import {
  childOf,
  digestOf,
  type Entry,
  fallbackTagOf,
  image,
  index,
  indexChildOf,
  namesOf,
  packageOf,
  unread,
} from "../../support/builders/package";

/** The graph with names for digests. */
function graphOf(...entries: readonly Entry[]) {
  const graph = buildGraph(packageOf(...entries));
  const nameAt = (node: number) => namesOf([graph.nodes[node]?.version.digest ?? ""], ...entries)[0] ?? "";
  const at = (name: string): number => graph.byDigest.get(digestOf(name)) ?? -1;
  return {
    keeps: (name: string) => Object.fromEntries((graph.keeps[at(name)] ?? []).map(({ to, as }) => [nameAt(to), as])),
    keptBy: (name: string) => (graph.keptBy[at(name)] ?? []).map(nameAt).sort(),
    node: (name: string): Node => graph.nodes[at(name)] as Graph["nodes"][number],
    order: () => graph.nodes.map((_, node) => nameAt(node)),
    obscure: () => graph.unclassified.map(nameAt).sort(),
  };
}

describe("the graph", () => {
  describe("when an index lists manifests", () => {
    const graph = graphOf(
      index("multi", [childOf("amd64"), childOf("arm64", "linux/arm64")], { tags: ["prod"] }),
      image("amd64"),
      image("arm64"),
    );
    it("keeps each of them as what it is", () => assert.deepEqual(graph.keeps("multi"), { amd64: "linux/amd64", arm64: "linux/arm64" }));
    it("calls them children", () => assert.equal(graph.node("arm64").role, "child"));
    it("calls the index a root", () => assert.equal(graph.node("multi").role, "root"));
    it("knows who keeps a child", () => assert.deepEqual(graph.keptBy("arm64"), ["multi"]));
  });

  describe("when an index lists an index", () => {
    const graph = graphOf(index("outer", [indexChildOf("inner")]), index("inner", ["amd64"]), image("amd64"));
    it("keeps the inner one", () => assert.deepEqual(graph.keeps("outer"), { inner: "index" }));
    it("calls the inner one a child", () => assert.equal(graph.node("inner").role, "child"));
  });

  describe("when a version was not read", () => {
    it("misses nothing that anybody knows of", () => assert.deepEqual(graphOf(unread("odd")).node("odd").missingChildren, []));
  });

  describe("when an index lists itself", () => {
    const graph = graphOf(index("odd", ["odd"], { tags: ["prod"] }));
    it("does not keep itself alive", () => assert.deepEqual([graph.keeps("odd"), graph.keptBy("odd")], [{}, []]));
    it("misses nothing", () => assert.deepEqual(graph.node("odd").missingChildren, []));
  });

  describe("when two indexes share a child", () => {
    const graph = graphOf(index("one", ["amd64"]), index("two", ["amd64"]), image("amd64"));
    it("is kept by both", () => assert.deepEqual(graph.keptBy("amd64"), ["one", "two"]));
  });

  describe("when a child carries a person's tag", () => {
    const graph = graphOf(index("multi", ["amd64"]), image("amd64", { tags: ["v1-amd64"] }));
    it("is a root, and kept by its index", () => {
      assert.equal(graph.node("amd64").role, "root");
      assert.deepEqual(graph.keptBy("amd64"), ["multi"]);
    });
  });

  describe("when an index lists what the package does not hold", () => {
    const blob = { digest: digestOf("layer"), index: false, other: true, label: "manifest" } as const;
    const graph = graphOf(index("multi", ["gone", "amd64"]), image("amd64"), index("cache", [blob]));
    it("names the missing children", () => assert.deepEqual(graph.node("multi").missingChildren, [digestOf("gone")]));
    it("does not miss blobs, as a cache index lists them", () => assert.deepEqual(graph.node("cache").missingChildren, []));
  });

  describe("when what looks like a blob is a version", () => {
    const graph = graphOf(index("odd", [{ digest: digestOf("thing"), index: false, other: true, label: "manifest" }]), image("thing"));
    it("is kept", () => assert.deepEqual(graph.keptBy("thing"), ["odd"]));
  });

  describe("when a manifest has a subject", () => {
    const graph = graphOf(image("prod", { tags: ["prod"] }), image("sbom", { subject: "prod", artifactType: "application/spdx+json" }));
    it("is kept by its subject, and not the other way round", () => {
      assert.deepEqual(graph.keeps("prod"), { sbom: "SBOM (SPDX)" });
      assert.deepEqual(graph.keeps("sbom"), {});
    });
    it("is a referrer", () => assert.equal(graph.node("sbom").role, "referrer"));
  });

  describe("when a referrer has a referrer", () => {
    const graph = graphOf(image("prod", { tags: ["prod"] }), image("sbom", { subject: "prod" }), image("signature", { subject: "sbom" }));
    it("follows it", () => assert.deepEqual(graph.keptBy("signature"), ["sbom"]));
  });

  describe("when a person tagged a referrer", () => {
    const graph = graphOf(image("prod"), image("sbom", { subject: "prod", tags: ["prod-sbom"] }));
    it("stays a referrer", () => assert.equal(graph.node("sbom").role, "referrer"));
    it("has a user's tag", () => assert.deepEqual(graph.node("sbom").userTags, ["prod-sbom"]));
  });

  describe("when a subject is not in the package", () => {
    const graph = graphOf(image("sbom", { subject: "gone" }));
    it("is a referrer of nothing", () => {
      assert.equal(graph.node("sbom").role, "referrer");
      assert.deepEqual(graph.node("sbom").subjects, []);
    });
  });

  describe("when a fallback tag names a version", () => {
    const graph = graphOf(
      image("prod", { tags: ["prod"] }),
      index("list", ["bundle"], { tags: [fallbackTagOf("prod")] }),
      image("bundle", { subject: "prod" }),
    );
    it("is kept by it", () => assert.deepEqual(graph.keeps("prod"), { list: "referrers", bundle: "referrer" }));
    it("is a referrer without a user's tag", () => {
      assert.equal(graph.node("list").role, "referrer");
      assert.deepEqual(graph.node("list").userTags, []);
    });
  });

  describe("when cosign's tags name a version", () => {
    const tagged = (suffix: string) => image(suffix, { tags: [`${fallbackTagOf("prod")}.${suffix}`] });
    const graph = graphOf(image("prod", { tags: ["prod"] }), tagged("sig"), tagged("att"), tagged("sbom"));
    it("keeps each of them as what it is", () =>
      assert.deepEqual(graph.keeps("prod"), { sig: "signature", att: "attestation", sbom: "SBOM" }));
  });

  describe("when one version carries tags for two others", () => {
    const graph = graphOf(
      image("one"),
      image("two"),
      image("both", { tags: [`${fallbackTagOf("one")}.sig`, `${fallbackTagOf("two")}.sig`] }),
    );
    it("is kept by both", () => assert.deepEqual(graph.keptBy("both"), ["one", "two"]));
  });

  describe("when a person tagged what carries a scheme tag", () => {
    const graph = graphOf(image("prod"), image("signature", { tags: [`${fallbackTagOf("prod")}.sig`, "mine"] }));
    it("is a root, and kept by what the tag names", () => {
      assert.equal(graph.node("signature").role, "root");
      assert.deepEqual(graph.keptBy("signature"), ["prod"]);
    });
  });

  describe("when a tag names its own version", () => {
    const graph = graphOf(image("self", { tags: [fallbackTagOf("self")] }));
    it("keeps nothing alive by that", () => assert.deepEqual(graph.keptBy("self"), []));
    it("is an image that no person tagged, and dangles from nothing", () => {
      assert.equal(graph.node("self").role, "root");
      assert.deepEqual(graph.node("self").userTags, []);
    });
    it("is a child where an index lists it", () => {
      const part = { tags: [fallbackTagOf("self"), `${fallbackTagOf("self")}.imgpkg`] };
      assert.equal(graphOf(index("multi", ["self"], { tags: ["v1"] }), image("self", part)).node("self").role, "child");
    });
  });

  describe("when a layer names versions", () => {
    const to = (name: string) => ({ to: { digest: digestOf(name) }, label: "image" });
    const bundle = (name: string, references: Manifest["references"] = [], options = {}): Entry => {
      const entry = image(name, options);
      return { ...entry, manifest: { index: false, children: [], references } };
    };
    const graph = graphOf(
      bundle("bundle", [to("one"), to("two"), to("one"), to("elsewhere"), to("bundle")], { tags: ["v1"] }),
      image("one", { tags: [`${fallbackTagOf("one")}.imgpkg`] }),
      image("two", { tags: ["mine"] }),
    );
    it("keeps those that the package holds, each once, and misses none", () => {
      assert.deepEqual(graph.keeps("bundle"), { one: "image", two: "image" });
      assert.deepEqual(graph.keptBy("one"), ["bundle"]);
      assert.deepEqual(graph.node("bundle").missingChildren, []);
    });
    it("calls those that no person tagged children", () => {
      assert.equal(graph.node("one").role, "child");
      assert.equal(graph.node("two").role, "root");
    });
    it("finds one that it names by a tag", () => {
      const named = bundle("tuned", [{ to: { tag: "base" }, label: "base model" }], { tags: ["v1"] });
      assert.deepEqual(graphOf(named, image("base", { tags: ["base"] })).keeps("tuned"), { base: "base model" });
      assert.deepEqual(graphOf(named).keeps("tuned"), {});
    });
    it("may conclude nothing about one that was not read, which may name others", () => {
      const entries = [bundle("bundle", [to("inner")], { tags: ["v1"] }), index("multi", ["inner"], { tags: ["v2"] })];
      assert.deepEqual(graphOf(...entries, unread("inner")).obscure(), ["inner"]);
      assert.deepEqual(graphOf(...entries.slice(1), unread("inner")).obscure(), []);
    });
  });

  describe("when a digest is sha512", () => {
    const long = `sha512:${"ab".repeat(64)}`;
    const inventory = packageOf(image("prod"), image("list", { tags: [`sha512-${"ab".repeat(32)}`] }));
    const [prod, list] = inventory.versions;
    const graph = buildGraph({
      ...inventory,
      versions: [{ ...(prod as NonNullable<typeof prod>), digest: long }, list as NonNullable<typeof list>],
    });
    it("is found by its first 64 hex digits, as tags are cut", () => {
      const place = graph.byDigest.get(long) ?? -1;
      assert.deepEqual(
        graph.keeps[place]?.map(({ to }) => graph.nodes[to]?.version.digest),
        [digestOf("list")],
      );
    });
  });

  describe("when manifests and tags close a circle", () => {
    const graph = graphOf(index("list", ["prod"], { tags: [fallbackTagOf("prod")] }), image("prod", { tags: ["prod"] }));
    it("holds both ways", () => {
      assert.deepEqual(graph.keeps("list"), { prod: "linux/amd64" });
      assert.deepEqual(graph.keeps("prod"), { list: "referrers" });
    });
  });

  describe("when an untagged version is listed by nothing", () => {
    it("is a root", () => assert.equal(graphOf(image("lone")).node("lone").role, "root"));
  });

  describe("when the package was listed in another order", () => {
    it("holds the newest first, and of one moment the later id", () => {
      const ages = { old: 9, first: 3, second: 3, new: 1 };
      const graph = graphOf(...Object.entries(ages).map(([name, days]) => image(name, { days })));
      assert.deepEqual(graph.order(), ["new", "second", "first", "old"]);
    });
  });

  describe("when a manifest was not read", () => {
    const parent = index("multi", ["amd64"], { tags: ["prod"] });
    it("is not obscure where an index describes it as an image", () => {
      assert.deepEqual(graphOf(parent, unread("amd64")).obscure(), []);
    });
    for (const [situation, entries] of [
      ["no index lists it", [unread("amd64")]],
      ["it is tagged", [parent, unread("amd64", { tags: ["v1"] })]],
      ["an index describes it as an index", [index("outer", [indexChildOf("amd64")]), unread("amd64")]],
      ["one index describes it as an image and one as an index", [parent, index("outer", [indexChildOf("amd64")]), unread("amd64")]],
      ["an index describes it as neither", [index("outer", [{ ...childOf("amd64"), other: true }]), unread("amd64")]],
    ] as const) {
      it(`is obscure where ${situation}: anything may hang under it`, () => {
        assert.deepEqual(graphOf(...entries).obscure(), ["amd64"]);
      });
    }
  });
});
