import assert from "node:assert/strict";
import { noWeakenedOrganizationRules } from "../../../policies/no-weakened-organization-rules";
import { unknownList } from "../../support/policies/analyze";
import { assertNotKnown, refusalsOf } from "../../support/policies/configured";
import { retentionPolicy, validInputs } from "../../support/policies/inputs";

type Rule = Readonly<Record<string, unknown>>;

const organization = [
  { name: "company-releases", action: "keep", tags: ["v*", "!*-rc*"] },
  { name: "company-newest", action: "keep", mostRecent: { count: 3, by: "semver", per: "minor" } },
] as const;

function refusals(rules: readonly Rule[], config: Record<string, unknown> = { rules: organization }): Promise<string[]> {
  const inputs = validInputs();
  return refusalsOf(noWeakenedOrganizationRules, retentionPolicy, { ...inputs, rules: [...inputs.rules, ...rules] }, { config });
}

/** The organisation's rules with a change to the first. */
function changed(change: Rule): readonly Rule[] {
  return [{ ...organization[0], ...change }, organization[1]];
}

describe("no-weakened-organization-rules", () => {
  it("lets a policy with all of them pass, whatever else it has", async () => assert.deepEqual(await refusals(organization), []));

  it("lets pass the same with its keys in another order", async () => {
    assert.deepEqual(await refusals([{ tags: ["v*", "!*-rc*"], action: "keep", name: "company-releases" }, organization[1]]), []);
  });

  it("refuses nothing where the organisation names none", async () => assert.deepEqual(await refusals([], {}), []));

  it("names one that is missing, and prints it", async () => {
    const [text, ...more] = await refusals([organization[1]]);
    assert.deepEqual(more, []);
    assert.match(text ?? "", /the organisation's rule "company-releases" is missing/);
    assert.ok(text?.includes('{"name":"company-releases","action":"keep","tags":["v*","!*-rc*"]}'), text);
  });

  for (const [what, change, keys] of [
    ["its tags are narrowed", { tags: ["v1.*"] }, "`tags`"],
    ["it gets another condition", { newerThan: "30d" }, "`newerThan`"],
    ["it deletes", { action: "delete" }, "`action`"],
    ["it lost its tags", { tags: undefined }, "`tags`"],
  ] as const) {
    it(`refuses one when ${what}`, async () => {
      const [text, ...more] = await refusals(changed(change));
      assert.deepEqual(more, []);
      assert.ok(text?.includes(`the organisation's rule "company-releases" was changed: ${keys}.`), text);
    });
  }

  it("refuses a change deep in it", async () => {
    const newest = { ...organization[1], mostRecent: { count: 1, by: "semver", per: "minor" } };
    assert.match((await refusals([organization[0], newest]))[0] ?? "", /"company-newest" was changed: `mostRecent`/);
  });

  it("lets exempt packages pass", async () => {
    assert.deepEqual(await refusals([], { rules: organization, exempt: ["logto-io/logto"] }), []);
    assert.equal((await refusals([], { rules: organization, exempt: ["logto-io/other"] })).length, 2);
  });

  it("takes no delete rule into its config", async () => {
    await assert.rejects(refusals([], { rules: [{ name: "company", action: "delete" }] }), /must be equal to constant/);
  });

  it("prints nothing of the stack's own rules but names of keys", async () => {
    const [text] = await refusals(changed({ tags: ["hush-hush"] }));
    assert.ok(text && !text.includes("hush"), text);
  });

  it("says when it cannot know", () =>
    assertNotKnown(
      noWeakenedOrganizationRules,
      retentionPolicy,
      { ...validInputs(), rules: unknownList },
      { config: { rules: organization } },
    ));
});
