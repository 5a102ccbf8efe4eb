import assert from "node:assert/strict";
import fc from "fast-check";
import { tagTest } from "../../../components/rules/tag-pattern";
import { protectedTags } from "../../../policies/protected-tags";
import { tagFits } from "../../../policies/reading/tag-pattern";
import { unknownList } from "../../support/policies/analyze";
import { assertNotKnown, refusalsOf } from "../../support/policies/configured";
import { retentionPolicy, validInputs } from "../../support/policies/inputs";

function refusals(change: object, config: Record<string, unknown> = { tags: ["prod"] }): Promise<string[]> {
  return refusalsOf(protectedTags, retentionPolicy, { ...validInputs(), ...change }, { config });
}

function withRule(rule: object): object {
  return {
    rules: [
      { name: "drop-untagged", action: "delete", untagged: true },
      { name: "keep", action: "keep", ...rule },
    ],
  };
}

describe("protected-tags", () => {
  it("lets a tag pass that a keep rule names", async () => assert.deepEqual(await refusals({}), []));
  it("lets a tag pass under `protect`", async () => assert.deepEqual(await refusals({ rules: [], protect: ["prod"] }), []));

  it("refuses a tag that nothing protects, and says what to write", async () => {
    const [text, ...more] = await refusals({}, { tags: ["prod", "latest"] });
    assert.deepEqual(more, []);
    assert.match(text ?? "", /nothing protects the tag "latest".*\nWrite `protect: \[latest\]`/s);
  });

  it("asks for prod and latest where nothing is configured", async () => {
    const texts = await refusals({ rules: [] }, {});
    assert.deepEqual(
      texts.map((text) => /the tag "(.+?)"/.exec(text)?.[1]),
      ["prod", "latest"],
    );
  });

  for (const [what, rule] of Object.entries({
    "a pattern": { tags: ["pr*"] },
    "a class": { tags: ["[pq]rod"] },
    "a regular expression": { tags: ["/^(prod|staging)$/"] },
    "no condition at all": {},
    "either tags or none": { tags: ["prod"], untagged: true },
    "`scope: versions`": { tags: ["prod"], scope: "versions" },
  })) {
    it(`lets a keep rule with ${what} do`, async () => assert.deepEqual(await refusals(withRule(rule)), []));
  }

  for (const [what, rule] of Object.entries({
    deletes: { action: "delete", tags: ["prod"] },
    "has other tags": { tags: ["v*", "production"] },
    "takes the tag out again": { tags: ["*", "!prod"] },
    "keeps only some of them": { tags: ["prod"], mostRecent: 3 },
    "keeps young ones": { tags: ["prod"], newerThan: "30d" },
    "keeps one platform": { tags: ["prod"], platforms: ["linux/arm64"] },
    "keeps versions": { tags: ["prod"], semver: ">=1" },
    "keeps what has no other tag": { tags: ["prod"], notTags: ["old"] },
    "keeps what is untagged": { untagged: true },
    "has a condition of a later version": { tags: ["prod"], weather: "fine" },
    "has a pattern that cannot be read": { tags: ["/(prod/"] },
    "may take the tag out by such a pattern": { tags: ["prod", "!/(prod/"] },
  })) {
    it(`refuses the tag where the keep rule ${what}`, async () => assert.equal((await refusals(withRule(rule))).length, 1));
  }

  it("lets exempt packages pass", async () => {
    assert.deepEqual(await refusals({ rules: [] }, { tags: ["prod"], exempt: ["logto-io/*"] }), []);
  });

  it("says when it cannot know", () => assertNotKnown(protectedTags, retentionPolicy, { ...validInputs(), protect: unknownList }));

  it("reads globs as the component does", () => {
    const piece = fc.constantFrom("*", "?", "[a-c]", "[^a-c]", "a", "b", "v", "1", ".", "-", "_");
    const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(""));
    const list = fc.array(
      fc.tuple(fc.boolean(), pattern).map(([not, text]) => (not ? `!${text}` : text)),
      { minLength: 1, maxLength: 3 },
    );
    const tag = fc.array(fc.constantFrom("a", "b", "v", "1", ".", "-", "_"), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(list, tag, (patterns, text) => assert.equal(tagFits(text, patterns), tagTest(patterns)(text))),
      { numRuns: 1000 },
    );
  });
});
