import assert from "node:assert/strict";
import { renderJson } from "../../../components/review/json";
import { childOf, digestOf, type Entry, image, index } from "../../support/builders/package";
import { findingOn, packageReview, reviewWith } from "../../support/builders/reviewed";

const prod = [index("prod", [childOf("amd64"), childOf("arm64", "linux/arm64")], { tags: ["prod", "v1"] }), image("amd64"), image("arm64")];
const world: readonly Entry[] = [
  ...prod,
  index("pr", [childOf("pr-amd64")], { tags: ["pr-1", "latest"], days: 30 }),
  image("pr-amd64", { days: 30 }),
  image("lone", { days: 20 }),
];
const rules = [
  { name: "drop-pr", action: "delete" as const, tags: ["pr-*", "latest"] },
  { name: "drop-all", action: "delete" as const, untagged: true as const, scope: "versions" as const },
];

describe("the review as JSON", () => {
  const waiting = findingOn(world, { policy: { rules } });
  const review = reviewWith([waiting, { name: "logto-io/gone", warnings: [], failure: "GitHub answered 404" }], { notes: ["a note"] });
  const data = JSON.parse(renderJson(review));

  it("says of which form it is, of which stack, and whether all was reviewed", () => {
    assert.deepEqual([data.schemaVersion, data.stack, data.isComplete, data.notes, data.errors], [1, "prod", false, ["a note"], []]);
    assert.equal(JSON.parse(renderJson(reviewWith([waiting]))).isComplete, true);
  });

  it("has the status and the numbers of each package", () => {
    assert.deepEqual(
      data.packages.map(({ name, status, versions, failure }: Record<string, unknown>) => ({ name, status, versions, failure })),
      [
        {
          name: "logto-io/gone",
          status: "failed",
          versions: { approved: 0, waiting: 0, refused: 0, inGrace: 0 },
          failure: "GitHub answered 404",
        },
        {
          name: "logto-io/logto",
          status: "waiting",
          versions: { approved: 0, waiting: 3, refused: 0, inGrace: 0, total: 6, withheld: 2 },
          failure: undefined,
        },
      ],
    );
  });

  it("has each image of a plan with whole digests, tags, age and parts", () => {
    const [plan] = data.packages[1].plans;
    const { id, approveWith, undoWith } = packageReview(waiting).plans[0] ?? {};
    assert.deepEqual(plan.undoWith, undoWith);
    assert.match(plan.undoWith[0], /\.restore\[0\]' 20/);
    assert.deepEqual([plan.id, plan.state, plan.approveWith, plan.versions.deletes], [id, "waiting", approveWith, 3]);
    const tagged = plan.images.find(({ tags }: { tags: string[] }) => tags.includes("pr-1"));
    assert.deepEqual(
      [tagged.digest, tagged.tags, tagged.movingTags, tagged.ageDays, tagged.because],
      [digestOf("pr"), ["pr-1", "latest"], ["latest"], 30, "drop-pr"],
    );
  });

  it("has why versions are withheld, by kind, and the digest that needs them", () => {
    assert.deepEqual(data.packages[1].withheld[0], {
      digest: digestOf("arm64"),
      tags: [],
      rules: ["drop-all"],
      because: { kind: "needed", chain: ["linux/arm64"], keeper: digestOf("prod") },
    });
  });
});
