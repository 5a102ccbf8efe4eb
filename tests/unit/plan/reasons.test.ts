import assert from "node:assert/strict";
import { deletionText } from "../../../components/messages/deletion-reason";
import { kindOf } from "../../../components/plan/deletion-reason";
import { deletionReasons } from "../../../components/plan/reasons";
import { digestOf, type Entry, image, index, indexChildOf } from "../../support/builders/package";
import { planOf } from "../../support/builders/planned";
import { dropPullRequests, dropUntagged, policyOf } from "../../support/builders/policy";

const prod = image("prod", { tags: ["prod"] });
const again = { ...dropPullRequests, name: "again" };

/** The reasons by the names of the versions. */
function reasonsFor(entries: readonly Entry[], leftovers: readonly string[] = []): Record<string, string> {
  const { plan } = planOf([prod, ...entries], policyOf([dropPullRequests, again, dropUntagged]), leftovers);
  const { nodes } = plan.deletions.graph;
  const names = new Map(entries.map(({ name }) => [digestOf(name), name]));
  return Object.fromEntries(
    [...deletionReasons(plan)].map(([node, { reason }]) => [names.get(nodes[node]?.version.digest ?? "") ?? "", deletionText(reason)]),
  );
}

describe("the reason why a version goes", () => {
  it("is, for a tagged image, its tags, its age and every rule that deletes it", () => {
    assert.deepEqual(reasonsFor([image("pr", { tags: ["pr-1", "pr-2"], days: 30 })]), { pr: "pr-1, pr-2, 30 days old (drop-pr, again)" });
  });

  it("is, for an image without tags, that nothing needs it", () => {
    assert.deepEqual(reasonsFor([image("lone", { days: 20 })]), { lone: "untagged, 20 days old, nothing needs it (drop-untagged)" });
  });

  it("is, for a part, what it is for what is right above it", () => {
    const entries = [index("pr", [indexChildOf("inner")], { tags: ["pr-1"] }), index("inner", ["leaf"]), image("leaf")];
    const { inner, leaf } = reasonsFor(entries);
    assert.deepEqual([inner, leaf], ["index of pr-1", `linux/amd64 of ${digestOf("inner").slice(0, 19)}`]);
  });

  it("is, for a part whose image is gone, that", () => {
    assert.deepEqual(reasonsFor([image("part")], ["part"]), { part: "part of an image that is deleted already" });
  });

  it("tells an image without tags from its parts, and from tagged ones", () => {
    const kindsIn = (entries: readonly Entry[]) => {
      const { plan } = planOf(entries, policyOf([dropPullRequests, dropUntagged]));
      return [...deletionReasons(plan).values()].map(({ reason }) => kindOf(reason)).sort();
    };
    assert.deepEqual(kindsIn([prod, image("lone", { days: 20 })]), ["untagged-image"]);
    assert.deepEqual(kindsIn([prod, index("pr", ["p1"], { tags: ["pr-1"], days: 30 }), image("p1", { days: 30 })]), [
      "part",
      "tagged-image",
    ]);
    assert.equal(kindOf({ kind: "recorded", text: "untagged, 20 days old", was: "untagged-image" }), "untagged-image");
    assert.equal(kindOf({ kind: "recorded", text: "untagged, 20 days old" }), undefined);
  });

  it("finds the image that takes a part along, at any depth", () => {
    const entries = [prod, index("pr", [indexChildOf("inner")], { tags: ["pr-1"] }), index("inner", ["leaf"]), image("leaf")];
    const { plan } = planOf(entries, policyOf([dropPullRequests]));
    const { byDigest } = plan.deletions.graph;
    const pr = byDigest.get(digestOf("pr"));
    assert.deepEqual(
      [...deletionReasons(plan).values()].map(({ image: taking }) => taking),
      [pr, pr, pr],
    );
  });
});
