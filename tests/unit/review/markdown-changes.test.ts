import assert from "node:assert/strict";
import { renderMarkdown } from "../../../components/review/markdown";
import { recall } from "../../../components/review/previous-comment";
import type { Review } from "../../../components/review/review";
import { image, index } from "../../support/builders/package";
import { findingOn, packageReview, recordAfter, reviewWith } from "../../support/builders/reviewed";
import { lone, planId, pr, prod, shortOf, waiting, world } from "../../support/review/waiting-plan";

function changes(previous: Review, review: Review): string {
  const text = renderMarkdown(review, { previous: { known: recall(renderMarkdown(previous)) } });
  return text.slice(text.indexOf("**Since the last comment**"), text.indexOf("\n### "));
}

describe("what the review as Markdown says has changed since the last comment", () => {
  it("is nothing for the same plans", () => {
    assert.equal(
      changes(reviewWith([waiting]), reviewWith([waiting])),
      "**Since the last comment**\n\n- Nothing has changed since the last comment.\n",
    );
  });
  it("is what is new and what is gone from a plan", () => {
    const other = findingOn([...prod, ...pr, image("new", { tags: ["pr-2"], days: 9 })]);
    const otherId = packageReview(other).plans[0]?.id;
    assert.equal(
      changes(reviewWith([waiting]), reviewWith([other])),
      `**Since the last comment**\n\n- \`logto-io/logto\`: plan \`${planId}\` → plan \`${otherId}\`; now to go: \`pr-2\`; no longer to go: \`${shortOf("lone")}\` (not in the package any more).\n`,
    );
  });
  it("is said of tags: which are to go, which are not any more and why, which moved, and what lost its tag", () => {
    const tagged = (name: string, tags: readonly string[], days = 30) => image(name, { tags, days });
    const rules = [
      { name: "drop", action: "delete" as const, tags: ["pr-*", "latest"] },
      { name: "old", action: "delete" as const, untagged: true as const },
    ];
    const before = [
      ...prod,
      tagged("a", ["pr-1"]),
      tagged("b", ["pr-2", "latest"]),
      tagged("c", ["pr-3"]),
      tagged("d", ["pr-4"]),
      tagged("e", ["pr-5"]),
    ];
    const after = [
      ...prod,
      tagged("b", ["pr-2"]),
      tagged("c", []),
      tagged("d", ["pr-4", "v9"]),
      tagged("e", ["pr-5"]),
      tagged("new", ["pr-6", "latest"]),
    ];
    const text = changes(
      reviewWith([findingOn(before, { policy: { rules } })]),
      reviewWith([findingOn(after, { policy: { rules, protect: ["pr-5"] } })]),
    );
    assert.match(text, /; now to go: `pr-6`; moved to another image, which is to go: `latest`; /);
    assert.ok(text.includes(`; without a tag now: \`${shortOf("c")}\` (was \`pr-3\`); no longer to go: `), text);
    const [, left = ""] = /no longer to go: (.*)\.\n/.exec(text) ?? [];
    assert.deepEqual(left.split(/, (?=`)/).sort(), [
      "`pr-1` (not in the package any more)",
      "`pr-4` (it stays: no rule deletes it)",
      "`pr-5` (now withheld: protected by the policy)",
    ]);
  });
  it("is what is withheld now", () => {
    const held = [...prod, ...pr, index("keeper", ["lone"], { tags: ["v3"], days: 50 }), lone];
    const versions = {
      name: "drop-all",
      action: "delete" as const,
      untagged: true as const,
      scope: "versions" as const,
      olderThan: "14d",
    };
    const text = changes(
      reviewWith([findingOn(world)]),
      reviewWith([findingOn(held, { policy: { rules: [versions], protect: ["pr-1"] } })]),
    );
    assert.ok(text.includes(`\`${shortOf("lone")}\` (now withheld: linux/amd64 of v3)`), text);
  });
  it("is an approval", () => {
    const approved = findingOn(world, { record: recordAfter(world), policy: { approve: planId } });
    assert.match(
      changes(reviewWith([waiting]), reviewWith([approved])),
      new RegExp(`- \`logto-io/logto\`: plan \`${planId}\` is approved now\\.`),
    );
  });
  it("is a package that came, went or failed", () => {
    const failed = { name: "logto-io/logto", warnings: [], failure: "no" };
    const web = findingOn(world, { policy: { package: "web" } });
    assert.match(
      changes(reviewWith([web]), reviewWith([waiting])),
      /`logto-io\/logto` is new here: plan `.*`\.\n- `logto-io\/web` has no policy any more\./,
    );
    assert.match(changes(reviewWith([waiting]), reviewWith([failed])), /`logto-io\/logto` could not be reviewed this time\./);
  });
  it("is not known where the last comment tells nothing", () => {
    for (const comment of [
      "",
      "<!-- ghcr-retention-plans {} -->",
      '<!-- ghcr-retention-plans {"packages":{"a":{"plans":[1]}}} -->',
      "<!-- ghcr-retention-plans ",
    ]) {
      const text = renderMarkdown(reviewWith([waiting]), { previous: { known: recall(comment) } });
      assert.match(text, /\n- The last comment holds no plans to compare with\.\n/);
    }
  });
});
