import assert from "node:assert/strict";
import fc from "fast-check";
import { deletionText } from "../../../components/messages/deletion-reason";
import { movingTags } from "../../../components/plan/moving-tags";
import { deletionReasons } from "../../../components/plan/reasons";
import { parseImages } from "../../../components/review/parse-images";
import { type PlannedImage, plannedImages } from "../../../components/review/planned-images";
import { digestOf } from "../../support/builders/package";
import { patience, randomCase, runs } from "../../support/builders/random-case";

const { numRuns } = runs;

/** Reasons do not tell of what kind an artifact is. */
function withSortedParts({ kind: _kind, ...image }: PlannedImage): PlannedImage {
  return { ...image, parts: [...image.parts].sort((a, b) => (a.digest < b.digest ? -1 : 1)) };
}

describe("the images that a plan's reasons tell of", function () {
  this.timeout(patience);

  it("are those of the graph, each with the same parts", () => {
    fc.assert(
      fc.property(randomCase, ({ plan, graph }) => {
        const digest = (node: number) => graph.nodes[node]?.version.digest ?? "";
        const reasons = deletionReasons(plan);
        const tags = [...reasons.keys()].flatMap((node) => graph.nodes[node]?.userTags ?? []);
        // A list may show one tag on two versions; then their names tell nobody apart.
        fc.pre(new Set(tags).size === tags.length);
        const expected = [...reasons.values()].map(({ node, image }) => `${digest(image)} ${digest(node)}`).sort();
        // The printed report names the tags that move.
        const moving = movingTags(graph, [...reasons.keys()]).map(({ tag }) => tag);
        const found = parseImages(Object.fromEntries([...reasons].map(([node, { reason }]) => [digest(node), deletionText(reason)])), {
          moving,
        });
        const members = found.flatMap((image) =>
          [image.digest, ...image.parts.map((part) => part.digest)].map((one) => `${image.digest} ${one}`),
        );
        assert.deepEqual(members.sort(), expected);
        // A review of the plan itself, and one of its printed reasons, list the same images.
        assert.deepEqual(plannedImages({ plan, digests: plan.deletions.digests() }).map(withSortedParts), found.map(withSortedParts));
      }),
      { ...runs, numRuns: Math.min(numRuns, 2_000) },
    );
  });

  const untagged = "untagged, 41 days old, nothing needs it (drop-untagged)";

  it("have the age, the rules, the tags and the platforms of the reasons", () => {
    const [image, ...others] = parseImages({
      [digestOf("pr")]: "pr-1, pr-2, 1 day old (drop-pr, drop-all)",
      [digestOf("amd64")]: "linux/amd64 of pr-1, pr-2",
      [digestOf("sbom")]: `referrer (application/spdx of x) of ${digestOf("amd64").slice(0, 19)}`,
    });
    assert.deepEqual(others, []);
    const { tags, age, because, platforms } = image ?? {};
    assert.deepEqual([tags, age, because, platforms], [["pr-1", "pr-2"], "1 day", "drop-pr, drop-all", "linux/amd64, 1 referrer"]);
  });

  it("come youngest first, and those without an age last", () => {
    const found = parseImages({
      [digestOf("a")]: untagged,
      [digestOf("b")]: "part of an image that is deleted already",
      [digestOf("c")]: "pr-9, less than a day old (drop-pr)",
      [digestOf("d")]: "pr-1, 9 days old (drop-pr)",
    });
    assert.deepEqual(
      found.map(({ age }) => age),
      ["less than a day", "9 days", "41 days", ""],
    );
    assert.equal(found.at(-1)?.because, "part of an image that is deleted already");
  });

  it("remember the tags that an earlier run recorded", () => {
    const digits = digestOf("a").slice(7, 23);
    const [image] = parseImages(
      { [digestOf("a")]: untagged },
      { earlierTags: [{ prod: digits, other: "0000000000000000" }, { "v1.0": digits }] },
    );
    assert.deepEqual(image?.tagsBefore, ["prod", "v1.0"]);
  });

  it("are all there, whatever the reasons say", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.nat({ max: 9 }).map((name) => digestOf(String(name))),
          fc.oneof(
            fc.string(),
            fc.nat({ max: 9 }).map((name) => `linux/amd64 of ${digestOf(String(name)).slice(0, 19)}`),
            fc.nat({ max: 3 }).map((name) => `linux/amd64 of tag-${name}`),
            fc.nat({ max: 3 }).map((name) => `tag-${name}, 3 days old (rule)`),
          ),
          { noNullPrototype: true },
        ),
        (reasons) => {
          const found = parseImages(reasons).flatMap(({ digest, parts }) => [digest, ...parts.map((part) => part.digest)]);
          assert.deepEqual(found.sort(), Object.keys(reasons).sort());
        },
      ),
      { numRuns: 500 },
    );
  });
});
