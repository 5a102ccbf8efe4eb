import assert from "node:assert/strict";
import { noUnreviewedRestore } from "../../../policies/no-unreviewed-restore";
import { unknownList } from "../../support/policies/analyze";
import { assertNotKnown, refusalsOf } from "../../support/policies/configured";
import { retentionPolicy, short, validInputs } from "../../support/policies/inputs";

const reviewed = { "logto-io/logto": ["pr-3", "2026-11-23-7f3a9c21b4d0"] };

function refusals(restore: unknown, config: Record<string, unknown> = { reviewed }): Promise<string[]> {
  return refusalsOf(noUnreviewedRestore, retentionPolicy, { ...validInputs(), ...(restore === undefined ? {} : { restore }) }, { config });
}

describe("no-unreviewed-restore", () => {
  it("lets a policy pass that restores nothing", async () => {
    assert.deepEqual(await refusals(undefined, {}), []);
    assert.deepEqual(await refusals([], {}), []);
  });

  it("lets pass what is listed for the package", async () => {
    assert.deepEqual(await refusals(["pr-3", "2026-11-23-7f3a9c21b4d0"]), []);
  });

  it("refuses what is not listed, naming it and where to add it", async () => {
    const [text, ...more] = await refusals(["pr-3", "pr-4", short("old")]);
    assert.deepEqual(more, []);
    assert.match(text ?? "", new RegExp(`nobody has reviewed:\n {2}pr-4\n {2}${short("old")}\n`));
    assert.match(text ?? "", /add them to `reviewed` under "logto-io\/logto"/);
  });

  it("refuses what is listed for another package only", async () => {
    assert.equal((await refusals(["pr-3"], { reviewed: { "logto-io/other": ["pr-3"] } })).length, 1);
  });

  it("refuses everything where nothing is listed", async () => assert.equal((await refusals(["pr-3"], {})).length, 1));
  it("refuses what is no list", async () => assert.equal((await refusals("prod")).length, 1));
  it("says when it cannot know", () => assertNotKnown(noUnreviewedRestore, retentionPolicy, { ...validInputs(), restore: unknownList }));
});
