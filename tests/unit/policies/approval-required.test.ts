import assert from "node:assert/strict";
import { approvalRequired } from "../../../policies/approval-required";
import { unknownText } from "../../support/policies/analyze";
import { assertNotKnown, refusalsOf } from "../../support/policies/configured";
import { retentionPolicy, validInputs } from "../../support/policies/inputs";

type Inputs = ReturnType<typeof validInputs>;

function refusals(change: (inputs: Inputs) => object, config: Record<string, unknown> = {}): Promise<string[]> {
  return refusalsOf(approvalRequired, retentionPolicy, change(validInputs()), { config });
}

const automatic = (inputs: Inputs) => ({ ...inputs, approval: "automatic" });

describe("approval-required", () => {
  it("lets a policy pass that says nothing of approval", async () => assert.deepEqual(await refusals((inputs) => inputs), []));
  it("lets `required` pass", async () => assert.deepEqual(await refusals((inputs) => ({ ...inputs, approval: "required" })), []));

  it("refuses `automatic`, and says what to write", async () => {
    const [text, ...more] = await refusals(automatic);
    assert.deepEqual(more, []);
    assert.match(text ?? "", /`approval: automatic` lets plans delete that nobody has seen/);
    assert.match(text ?? "", /Write `approval: required`/);
  });

  it("refuses a word that it does not know", async () => {
    assert.match((await refusals((inputs) => ({ ...inputs, approval: "later" })))[0] ?? "", /`approval: later`/);
  });

  describe("when packages are exempt", () => {
    it("lets those pass, by name and by pattern", async () => {
      assert.deepEqual(await refusals(automatic, { exempt: ["logto-io/logto"] }), []);
      assert.deepEqual(await refusals(automatic, { exempt: ["acme/*", "logto-io/*"] }), []);
    });

    it("refuses the others", async () => {
      for (const pattern of ["logto", "logto-io/logto-*", "acme/*"]) {
        assert.equal((await refusals(automatic, { exempt: [pattern] })).length, 1, pattern);
      }
    });

    it("refuses a word that it does not know all the same", async () => {
      assert.equal((await refusals((inputs) => ({ ...inputs, approval: "later" }), { exempt: ["*"] })).length, 1);
    });
  });

  it("says when it cannot know", () => assertNotKnown(approvalRequired, retentionPolicy, { ...validInputs(), approval: unknownText }));
});
