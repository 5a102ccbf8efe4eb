import assert from "node:assert/strict";
import { buildGraph, type Graph } from "../../../components/graph/graph";
import { movingTags } from "../../../components/plan/moving-tags";
import { type Entry, image, packageOf } from "../../support/builders/package";

/** The tags of all images that move, with the last day on which each was seen elsewhere. */
function moving(entries: readonly Entry[], lost: Readonly<Record<number, { day: string; tag?: string }>> = {}): string[] {
  const graph = buildGraph(packageOf(...entries));
  const nodes = graph.nodes.map((node) => {
    const last = lost[node.version.id];
    return last === undefined ? node : { ...node, version: { ...node.version, lastTagged: { at: 0, ...last } } };
  });
  const seen: Graph = { ...graph, nodes };
  const found = movingTags(
    seen,
    nodes.map((_, place) => place),
  );
  return found.map(({ tag, seenElsewhere }) => [tag, seenElsewhere].filter(Boolean).join(" ")).sort();
}

describe("the tags that move between images", () => {
  it("are those that people give to the newest image of a stream", () => {
    const tags = ["edge", "latest", "main", "master", "prod", "production", "stable"];
    assert.deepEqual(moving([image("all", { tags: [...tags, "v1", "pr-1", "latest-2024"] })]), tags);
  });

  it("are those that another image has lost, with the last day on which it had one", () => {
    const entries = [image("now", { tags: ["nightly"] }), image("first"), image("second"), image("third")];
    const lost = {
      2: { day: "2026-11-01", tag: "nightly" },
      3: { day: "2026-11-20", tag: "nightly" },
      4: { day: "2026-11-10", tag: "nightly" },
    };
    assert.deepEqual(moving(entries, lost), ["nightly 2026-11-20"]);
  });

  it("are not told by an image of which nobody knows which tag it had", () => {
    assert.deepEqual(moving([image("now", { tags: ["nightly"] }), image("before")], { 2: { day: "2026-11-20" } }), []);
  });

  it("are told by the day where both tell", () => {
    const lost = { 2: { day: "2026-11-20", tag: "prod" } };
    assert.deepEqual(moving([image("now", { tags: ["prod"] }), image("before")], lost), ["prod 2026-11-20"]);
  });
});
