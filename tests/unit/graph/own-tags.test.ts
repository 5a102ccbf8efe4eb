import assert from "node:assert/strict";
import { buildGraph, withoutSubjectEdges } from "../../../components/graph/graph";
import { childOf, digestOf, type Entry, fallbackTagOf, image, index, namesOf, packageOf } from "../../support/builders/package";

/** The graph in which the subjects of these referrers do not keep them alive, by name. */
function without(entries: readonly Entry[], ...referrers: readonly string[]) {
  const whole = buildGraph(packageOf(...entries));
  const at = (name: string): number => whole.byDigest.get(digestOf(name)) ?? -1;
  const graph = withoutSubjectEdges(whole, referrers.map(at));
  const nameAt = (node: number) => namesOf([graph.nodes[node]?.version.digest ?? ""], ...entries)[0] ?? "";
  return {
    whole,
    graph,
    keeps: (name: string) => (graph.keeps[at(name)] ?? []).map(({ to }) => nameAt(to)).sort(),
    keptBy: (name: string) => (graph.keptBy[at(name)] ?? []).map(nameAt).sort(),
  };
}

const base = image("base");
const sbom = image("sbom", { tags: ["v1-sbom"], subject: "base" });
const signature = image("signature", { subject: "base" });

describe("a graph in which a referrer goes by its own tags", () => {
  it("has no edge from its subject, in either direction, and all others", () => {
    const { keeps, keptBy } = without([base, sbom, signature], "sbom");
    assert.deepEqual([keeps("base"), keptBy("sbom"), keptBy("signature")], [["signature"], [], ["base"]]);
  });

  it("has none from any of its subjects", () => {
    const both = image("both", { tags: ["v1", `${fallbackTagOf("other")}.sig`], subject: "base" });
    const { keeps, keptBy } = without([base, image("other"), both], "both");
    assert.deepEqual([keeps("base"), keeps("other"), keptBy("both")], [[], [], []]);
  });

  it("keeps what an index lists, be it the subject or another one", () => {
    const referrer = image("referrer", { tags: ["v1"], subject: "subject" });
    const entries = [index("subject", [childOf("referrer"), childOf("amd64")]), index("list", ["referrer"]), image("amd64"), referrer];
    const { keeps, keptBy } = without(entries, "referrer");
    assert.deepEqual(keeps("subject"), ["amd64", "referrer"]);
    assert.deepEqual(new Set(keptBy("referrer")), new Set(["list", "subject"]));
  });

  it("leaves the graph of the others as it is, and is the same one where there are none", () => {
    const { whole, graph } = without([base, sbom], "sbom");
    assert.deepEqual(whole, buildGraph(packageOf(base, sbom)));
    assert.notEqual(graph, whole);
    const none = without([base, sbom]);
    assert.equal(none.graph, none.whole);
  });
});
