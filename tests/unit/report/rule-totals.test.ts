import assert from "node:assert/strict";
import { decisionOn, numbered } from "../../support/builders/decided";
import { image, index } from "../../support/builders/package";
import { keepReleases, policyOf, type RuleInput } from "../../support/builders/policy";
import { paragraphsOf } from "../../support/builders/reported";

const dropPr: RuleInput = { name: "drop-pr", action: "delete", tags: ["pr-*"] };
const prod = image("prod", { tags: ["prod"] });
const going = ["a", "b"].map((name) => image(name, { tags: [`pr-${name}`], days: 30 }));
const young = ["c", "d", "e"].map((name) => image(name, { tags: [`pr-${name}`], days: 0.5 }));
const needed = [index("multi", ["f"], { tags: ["v1"] }), image("f", { tags: ["pr-f"], days: 30 })];
const policy = policyOf([dropPr, keepReleases], { limits: { percent: 100 } });

function totalsIn(report: readonly string[]): string[] {
  return report.flatMap((paragraph) => paragraph.split("\n  by rule:\n").slice(1));
}

describe("the totals by rule of a preview", () => {
  it("say of all images that a rule matches what becomes of them", () => {
    assert.deepEqual(totalsIn(paragraphsOf(decisionOn([prod, ...going, ...young, ...needed], policy), policy)), [
      "    drop-pr deletes 2 of 6 images (2 versions)\n      3 too young, 1 withheld\n    keep-releases keeps 2 images",
    ]);
  });

  it("name a rule that deletes nothing yet", () => {
    const fresh: RuleInput = { name: "drop-fresh", action: "delete", tags: ["fresh-*"] };
    const both = policyOf([dropPr, fresh], { limits: { percent: 100 } });
    const entries = [prod, ...going, image("fresh", { tags: ["fresh-1"], days: 0.5 })];
    assert.match(
      totalsIn(paragraphsOf(decisionOn(entries, both), both))[0] ?? "",
      /\n {4}drop-fresh deletes 0 of 1 image\n {6}1 too young\n/,
    );
  });

  it("leave to each of two plans its own images", () => {
    const before = numbered([prod, ...going]);
    const first = decisionOn(before, policy);
    const approving = policyOf([dropPr, keepReleases], { limits: { percent: 100 }, approve: first.pending?.id });
    const later = [...before, ...numbered([image("g", { tags: ["pr-g"], days: 20 })], 50)];
    const [approved, waiting] = totalsIn(paragraphsOf(decisionOn(later, approving, first), approving));
    assert.match(approved ?? "", /^ {4}drop-pr deletes 2 of 3 images \(2 versions\)\n {6}1 listed apart\n/);
    assert.match(waiting ?? "", /^ {4}drop-pr deletes 1 of 3 images \(1 version\)\n {6}2 listed apart\n/);
  });

  it("fit a terminal of 60 columns", () => {
    const long: RuleInput = { ...dropPr, name: "drop-pull-requests-that-nobody-has-looked-at-for-a-month" };
    const wide = policyOf([long, keepReleases], { limits: { percent: 100 } });
    const [totals = ""] = totalsIn(paragraphsOf(decisionOn([prod, ...going, ...young, ...needed], wide), wide));
    assert.ok(
      totals.split("\n").every((line) => line.length <= 60),
      totals,
    );
  });
});
