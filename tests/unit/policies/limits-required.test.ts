import assert from "node:assert/strict";
import { limitsRequired } from "../../../policies/limits-required";
import { unknownObject } from "../../support/policies/analyze";
import { assertNotKnown, refusalsOf, type Setting } from "../../support/policies/configured";
import { retentionPolicy, validInputs } from "../../support/policies/inputs";

function refusals(limits: unknown, setting: Setting = {}): Promise<string[]> {
  return refusalsOf(limitsRequired, retentionPolicy, { ...validInputs(), ...(limits === undefined ? {} : { limits }) }, setting);
}

describe("limits-required", () => {
  it("lets the component's own limits pass", async () => {
    assert.deepEqual(await refusals(undefined), []);
    assert.deepEqual(await refusals({ deletions: 200, percent: 50 }), []);
  });

  it("refuses more, naming what is written and what is allowed", async () => {
    const [text, ...more] = await refusals({ deletions: 201, percent: 50 });
    assert.deepEqual(more, []);
    assert.match(text ?? "", /`limits.deletions` is 201; the maximum here is 200/);
    assert.match(text ?? "", /Write `limits: \{ deletions: 200 \}`, or less/);
  });

  it("refuses each of the two", async () => assert.equal((await refusals({ deletions: 1000, percent: 100 })).length, 2));

  it("refuses what is not written where its default is over the maximum", async () => {
    const [text] = await refusals({ percent: 5 }, { config: { deletions: 20 } });
    assert.match(text ?? "", /`limits.deletions` is not set, so it is 200; the maximum here is 20/);
  });

  it("refuses a limit that is no number", async () => {
    assert.match((await refusals({ deletions: "all" }))[0] ?? "", /`limits.deletions` is all/);
    assert.match((await refusals("none"))[0] ?? "", /`limits` is not understood/);
  });

  describe("when some stacks have other maxima", () => {
    const strict = { deletions: 10 };
    const on = (entry: object, stackTags: Record<string, string> = {}) =>
      refusals({ deletions: 50, percent: 10 }, { config: { stacks: [{ ...strict, ...entry }] }, stackTags });

    it("goes by the stack's name", async () => {
      assert.equal((await on({ stack: "te*" })).length, 1);
      assert.equal((await on({ stack: "prod*" })).length, 0);
    });

    it("goes by the project's name", async () => {
      assert.equal((await on({ project: "test" })).length, 1);
      assert.equal((await on({ project: "other" })).length, 0);
    });

    it("goes by the stack's tags", async () => {
      assert.equal((await on({ tags: { env: "prod" } }, { env: "prod", team: "a" })).length, 1);
      assert.equal((await on({ tags: { env: "prod" } }, { env: "dev" })).length, 0);
      assert.equal((await on({ tags: { env: "*" } })).length, 0);
    });

    it("goes by the first entry that fits, and by the general maximum where that says nothing", async () => {
      const stacks = [{ stack: "test", percent: 5 }, { deletions: 1 }];
      assert.deepEqual((await refusals({ deletions: 50, percent: 10 }, { config: { stacks } })).map(limitIn), ["percent"]);
    });

    it("may allow more", async () => {
      assert.deepEqual(await refusals({ deletions: 900, percent: 50 }, { config: { stacks: [{ stack: "test", deletions: 1000 }] } }), []);
    });
  });

  it("says when it cannot know", () => assertNotKnown(limitsRequired, retentionPolicy, { ...validInputs(), limits: unknownObject }));
});

function limitIn(text: string): string | undefined {
  return /`limits\.(\w+)`/.exec(text)?.[1];
}
