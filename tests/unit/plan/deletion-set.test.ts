import assert from "node:assert/strict";
import { buildGraph } from "../../../components/graph/graph";
import { DeletionSet } from "../../../components/plan/deletion-set";
import { digestOf, type Entry, fallbackTagOf, image, index, namesOf, packageOf } from "../../support/builders/package";

const multi = index("multi", ["amd64", "arm64"], { tags: ["pr-1"] });
const platforms = [image("amd64"), image("arm64")];

function setOf(entries: readonly Entry[], allowed: readonly string[] = entries.map(({ name }) => name)): DeletionSet {
  const graph = buildGraph(packageOf(...entries));
  return DeletionSet.largestSafe(
    graph,
    allowed.map((name) => graph.byDigest.get(digestOf(name)) ?? -1),
  );
}

function narrowed(entries: readonly Entry[], approved: readonly string[], allowed?: readonly string[]): string[] {
  return namesOf(
    setOf(entries, allowed)
      .narrowedTo(new Set(approved.map(digestOf)))
      .digests(),
    ...entries,
  );
}

function orderOf(...entries: readonly Entry[]): string[] {
  return setOf(entries)
    .inOrder()
    .flatMap(({ digest }) => namesOf([digest], ...entries));
}

describe("a deletion set", () => {
  describe("when it is narrowed to what was approved (S4)", () => {
    it("loses what was not approved", () => {
      assert.deepEqual(narrowed([image("a"), image("b"), image("c")], ["a", "b"]), ["a", "b"]);
    });
    it("never gains what may not go", () => {
      assert.deepEqual(narrowed([image("a"), image("b")], ["a", "b", "elsewhere"], ["a"]), ["a"]);
    });
    it("loses the parts of an image that stays: approved alone they would be taken from it (S1)", () => {
      assert.deepEqual(narrowed([multi, ...platforms], ["amd64", "arm64"]), []);
    });
    it("loses a referrer of what stays", () => {
      assert.deepEqual(narrowed([image("a"), image("sbom", { subject: "a" })], ["sbom"]), []);
    });
    it("may lose parts only, while their image goes", () => {
      assert.deepEqual(narrowed([multi, ...platforms], ["multi", "amd64"]), ["amd64", "multi"]);
    });
    it("stays itself when all of it is approved", () => {
      assert.deepEqual(narrowed([multi, ...platforms], ["multi", "amd64", "arm64"]), ["amd64", "arm64", "multi"]);
    });
  });

  describe("when it is carried out", () => {
    it("starts with what nothing keeps, so that a refusal leaves a whole image", () => {
      const [first] = orderOf(...platforms, multi);
      assert.equal(first, "multi");
    });
    it("comes to a shared part after the last image that needs it", () => {
      const other = index("other", ["arm64"], { days: 1 });
      assert.equal(orderOf(other, ...platforms, multi).at(-1) === "multi", false);
      assert.ok(orderOf(other, ...platforms, multi).indexOf("arm64") > orderOf(other, ...platforms, multi).indexOf("other"));
    });
    it("names nothing that stays, although what goes needs it (S1)", () => {
      const entries = [...platforms, multi, index("prod", ["arm64"], { tags: ["prod"] })];
      const order = setOf(entries, ["multi", "amd64", "arm64"]).inOrder();
      assert.deepEqual(
        order.flatMap(({ digest }) => namesOf([digest], ...entries)),
        ["multi", "amd64"],
      );
    });
    it("leaves out what is gone already", () => {
      const entries = [...platforms, multi];
      assert.deepEqual(
        namesOf(
          setOf(entries)
            .without(new Set([digestOf("multi")]))
            .digests(),
          ...entries,
        ),
        ["amd64", "arm64"],
      );
    });
    it("takes the oldest images first, since one run may not come to all of them", () => {
      assert.deepEqual(orderOf(image("new", { days: 1 }), image("old", { days: 9 })), ["old", "new"]);
    });
    it("comes to what hangs under a circle after the circle", () => {
      const entries = [
        index("list", ["app"], { tags: [fallbackTagOf("app")], days: 50 }),
        index("app", ["part"], { days: 60 }),
        image("part", { days: 1 }),
      ];
      assert.deepEqual(orderOf(...entries).at(-1), "part");
    });
    it("names each version once", () => assert.deepEqual(orderOf(multi, ...platforms).sort(), ["amd64", "arm64", "multi"]));
  });

  describe("when something outside of it needs a member (S1)", () => {
    it("loses that, and what hangs under it", () => {
      const set = setOf([multi, ...platforms, image("sbom", { subject: "arm64" })], ["amd64", "arm64", "sbom"]);
      assert.deepEqual(set.digests(), []);
      assert.equal(set.size, 0);
    });
  });
});
