import assert from "node:assert/strict";
import { renderJson } from "../../../components/review/json";
import { renderMarkdown } from "../../../components/review/markdown";
import { pageData } from "../../../components/review/page-data";
import { image } from "../../support/builders/package";
import { dropPullRequests, keepReleases } from "../../support/builders/policy";
import { findingOn, reported, reviewWith } from "../../support/builders/reviewed";

const keepEdge = { name: "keep-edge", action: "keep" as const, tags: ["edge"] };
const text = "nothing to do today for rule keep-edge (nothing in this package matches it)";
const rules = [dropPullRequests, keepReleases, keepEdge];

describe("a note of a preview, in a review", () => {
  const prod = image("prod", { tags: ["prod"] });

  it("is no alert, and makes no package worth a section", () => {
    const markdown = renderMarkdown(reviewWith([findingOn([prod], { policy: { rules } })]));
    assert.doesNotMatch(markdown, /\[!/);
    assert.ok(markdown.includes(`- \`logto-io/logto\`: nothing to delete: keep the only version; note: ${text}\n`), markdown);
  });

  it("stands once in the section of a package with a plan", () => {
    const markdown = renderMarkdown(reviewWith([findingOn([prod, image("pr", { tags: ["pr-1"] })], { policy: { rules } })]));
    assert.equal(markdown.split(`\n\nnote: ${text}\n\n`).length, 2, markdown);
  });

  it("stands in the page and in the JSON", () => {
    const review = reviewWith([findingOn([prod], { policy: { rules } })]);
    assert.deepEqual(pageData(review, []).packages[0]?.notes, [`note: ${text}`]);
    assert.deepEqual(JSON.parse(renderJson(review)).packages[0].notes, [text]);
  });

  it("is read from a printed preview", () => {
    assert.deepEqual(reported(`nothing to delete: keep all 3 versions\n\nnote: ${text}`).notes, [text]);
  });
});
