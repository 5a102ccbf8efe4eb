import assert from "node:assert/strict";
import { explain } from "../../../components/approval/explain";
import { explainedJson } from "../../../components/command-line/explanation-json";
import { renderExplained } from "../../../components/command-line/render-explanation";
import { decisionOn } from "../../support/builders/decided";
import { image } from "../../support/builders/package";
import { policyOf } from "../../support/builders/policy";

describe("an explanation", () => {
  describe("when a keep rule that would hold the version is misspelt", () => {
    const policy = policyOf([
      { name: "keep-releases", action: "keep", tags: ["prod", "vv*"] },
      { name: "drop-old", action: "delete", tags: ["*"] },
    ]);
    const entries = ["prod", "v1.0", "pr-1"].map((tag) => image(tag, { tags: [tag] }));
    const decision = decisionOn(entries, policy);
    const explained = (reference: string) => {
      const explanation = explain(decision, policy, { refused: {}, ledger: [], notices: [] }, reference);
      assert.ok(explanation.kind === "here");
      return explanation;
    };

    it("names the rule, its pattern and the one that is meant", () => {
      const text = renderExplained(explained("v1.0"), decision.plan.seen.graph);
      assert.match(
        text,
        /\n {2}rules {6}drop-old \(delete\): applies\n {13}keep-releases \(keep\): its pattern `vv\*` matches nothing in this package\. Is `v\*` meant\?\n/,
      );
    });

    it("has them as data", () => {
      const data = explainedJson({ package: "logto-io/logto", reference: "v1.0" }, explained("v1.0"), decision.plan.seen.graph);
      assert.deepEqual((data as { misspelt?: unknown }).misspelt, [{ rule: "keep-releases", pattern: "vv*", near: "v*" }]);
    });

    it("says nothing of it to what the rule would not hold", () => assert.deepEqual(explained("pr-1").misspelt, []));
  });
});
