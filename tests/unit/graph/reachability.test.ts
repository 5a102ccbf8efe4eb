import assert from "node:assert/strict";
import { buildGraph } from "../../../components/graph/graph";
import { reachableFrom } from "../../../components/graph/reachability";
import { digestOf, type Entry, fallbackTagOf, image, index, indexChildOf, namesOf, packageOf } from "../../support/builders/package";

function reachedFrom(names: readonly string[], ...entries: readonly Entry[]): string[] {
  const graph = buildGraph(packageOf(...entries));
  const starts = names.map((name) => graph.byDigest.get(digestOf(name)) ?? -1);
  return namesOf(
    [...reachableFrom(graph, starts).keys()].map((node) => graph.nodes[node]?.version.digest ?? ""),
    ...entries,
  );
}

describe("what a version keeps alive", () => {
  it("is itself where nothing hangs under it", () => assert.deepEqual(reachedFrom(["a"], image("a"), image("b")), ["a"]));

  it("goes down any number of levels, through indexes, subjects and tags", () => {
    const entries = [
      index("outer", [indexChildOf("inner")]),
      index("inner", ["amd64"]),
      image("amd64"),
      image("sbom", { subject: "amd64" }),
      image("signature", { tags: [`${fallbackTagOf("sbom")}.sig`] }),
    ];
    assert.deepEqual(reachedFrom(["outer"], ...entries), ["amd64", "inner", "outer", "sbom", "signature"]);
    assert.deepEqual(reachedFrom(["amd64"], ...entries), ["amd64", "sbom", "signature"]);
  });

  it("ends in circles", () => {
    const entries = [index("list", ["prod"], { tags: [fallbackTagOf("prod")] }), image("prod")];
    assert.deepEqual(reachedFrom(["prod"], ...entries), ["list", "prod"]);
  });

  it("is the union over several starts", () => {
    assert.deepEqual(reachedFrom(["one", "two", "one"], index("one", ["a"]), index("two", ["a", "b"]), image("a"), image("b")), [
      "a",
      "b",
      "one",
      "two",
    ]);
  });

  it("remembers the way first found, for the reasons that people read", () => {
    const graph = buildGraph(packageOf(index("multi", ["amd64"]), image("amd64")));
    const [multi, amd64] = ["multi", "amd64"].map((name) => graph.byDigest.get(digestOf(name)) ?? -1);
    assert.deepEqual(reachableFrom(graph, [multi ?? -1]).get(amd64 ?? -1), { from: multi, as: "linux/amd64" });
    assert.deepEqual(reachableFrom(graph, [multi ?? -1]).get(multi ?? -1), { from: undefined, as: "" });
  });
});
