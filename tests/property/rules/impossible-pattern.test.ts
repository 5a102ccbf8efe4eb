import assert from "node:assert/strict";
import fc from "fast-check";
import { matchesNoTag } from "../../../components/rules/impossible-pattern";
import { patternProblem, tagTest } from "../../../components/rules/tag-pattern";
import { patience, runs } from "../../support/builders/random-case";

const pieces = ["a", "1", "_", "^", "$", "*", "?", "{0,1}", "|", "(", ")", ".", "-", "\\.", "\\w", "[a-z]", " ", ",", "\\b"];
const pattern = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }).map((parts) => `/${parts.join("")}/`);
const tag = fc
  .tuple(fc.constantFrom("a", "1", "_"), fc.string({ unit: fc.constantFrom("a", "1", "_", ".", "-"), maxLength: 4 }))
  .map((parts) => parts.join(""));

describe("a pattern that no tag can match", function () {
  this.timeout(patience);

  it("matches none", () => {
    let found = 0;
    const property = fc.property(pattern, fc.array(tag, { minLength: 5, maxLength: 5 }), (text, tags) => {
      fc.pre(patternProblem(text) === undefined && matchesNoTag(text));
      found += 1;
      assert.deepEqual(tags.filter(tagTest([text])), [], text);
    });
    fc.assert(property, { ...runs, maxSkipsPerRun: 10_000 });
    assert.ok(found > 0);
  });
});
