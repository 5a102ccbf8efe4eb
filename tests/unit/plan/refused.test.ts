import assert from "node:assert/strict";
import { buildGraph } from "../../../components/graph/graph";
import { groupRefused } from "../../../components/plan/refused";
import { digestOf, type Entry, fallbackTagOf, image, index, namesOf, packageOf } from "../../support/builders/package";

function grouped(entries: readonly Entry[], refused: Readonly<Record<string, string>>) {
  const graph = buildGraph(packageOf(...entries));
  const answers = Object.entries(refused).map(([name, answer]) => [digestOf(name), answer] as const);
  return groupRefused(graph, answers).map(({ answer, digests, parts }) => ({ answer, names: namesOf([...digests], ...entries), parts }));
}

const pair = (name: string): Entry[] => [index(name, [`${name} amd64`], { tags: [name] }), image(`${name} amd64`)];

describe("what GitHub refused to delete", () => {
  it("is one group for each answer, and what an image needs counts with it", () => {
    const refused = { a: "popular", "a amd64": "stays with a", b: "popular", "b amd64": "stays with b", c: "frozen" };
    assert.deepEqual(grouped([...pair("a"), ...pair("b"), image("c")], refused), [
      { answer: "popular", names: ["a", "b"], parts: 2 },
      { answer: "frozen", names: ["c"], parts: 0 },
    ]);
  });

  it("counts a part below a part with the image above both", () => {
    const entries = [index("outer", ["inner"], { tags: ["v1"] }), index("inner", ["leaf"]), image("leaf")];
    assert.deepEqual(grouped(entries, { leaf: "x", inner: "y", outer: "popular" }), [{ answer: "popular", names: ["outer"], parts: 2 }]);
  });

  it("is a part by itself where its image was not refused", () => {
    assert.deepEqual(grouped(pair("a"), { "a amd64": "popular" }), [{ answer: "popular", names: ["a amd64"], parts: 0 }]);
  });

  it("holds what the package does not have any more, and what refers to each other", () => {
    const circle = [image("one", { tags: [fallbackTagOf("two")] }), image("two", { tags: [fallbackTagOf("one")] })];
    assert.deepEqual(groupRefused(buildGraph(packageOf(...circle)), [[digestOf("gone"), "popular"]]), [
      { answer: "popular", digests: [digestOf("gone")], parts: 0 },
    ]);
    assert.deepEqual(grouped(circle, { one: "popular", two: "popular" }), [{ answer: "popular", names: ["one", "two"], parts: 0 }]);
  });
});
