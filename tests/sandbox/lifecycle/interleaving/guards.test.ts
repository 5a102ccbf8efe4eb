import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Explored } from "../../../support/lifecycle/interleaving/explore";
import { exploreGuards, withGuards } from "../../../support/lifecycle/interleaving/guards-table";
import { mutants, sourcesWithout } from "../../../support/lifecycle/interleaving/mutants";

const page = path.join(__dirname, "..", "..", "..", "..", "docs", "reliability.md");

describe("a guard of the apply", function () {
  this.timeout(3_600_000);

  it("stands where a mutant removes it", () => {
    for (const mutant of mutants) assert.ok(sourcesWithout(mutant).size > 0);
  });

  if (!process.env.LONG) return;

  let explored: readonly Explored[];
  before(async () => {
    explored = await exploreGuards();
  });

  for (const [place, { guard }] of mutants.entries()) {
    it(`is needed: without it, some order loses something: ${guard}`, () => {
      const { played, failure } = explored[place] as Explored;
      assert.ok(failure, `${played} orders were played, and nothing was lost`);
    });
  }

  it("is in docs/reliability.md with the number of orders: run `npm run generate` where it is not", async () => {
    const text = await readFile(page, "utf8");
    assert.equal(text, withGuards(text, explored));
  });
});
