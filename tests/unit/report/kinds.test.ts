import assert from "node:assert/strict";
import { describeParts } from "../../../components/report/images-table";
import { previewReport } from "../../../components/report/preview-report";
import { decisionOn, nothing } from "../../support/builders/decided";
import { type Entry, fallbackTagOf, image } from "../../support/builders/package";
import { policyOf, type RuleInput } from "../../support/builders/policy";

const keep: RuleInput = { name: "keep", action: "keep", tags: ["stable"] };
const dropOld: RuleInput = { name: "drop-old", action: "delete", tags: ["v*"], olderThan: "14d" };
const dropUntagged: RuleInput = { name: "drop-untagged", action: "delete", untagged: true };
const stable = image("stable", { tags: ["stable"] });

function reportOn(entries: readonly Entry[], ...rules: RuleInput[]): string {
  const policy = policyOf(rules, { limits: { percent: 100 } });
  return previewReport(decisionOn([stable, ...entries], policy, nothing), policy, {
    approveWith: () => "approve",
    refused: {},
    ledger: {},
    frees: {},
    notices: [],
  });
}

describe("what the preview calls artifacts", () => {
  it("is the name of their kind, beside their tags and without one", () => {
    const chart = image("chart", { tags: ["v1"], artifactType: "application/vnd.cncf.helm.config.v1+json" });
    const sbom = image("sbom", { subject: "chart", artifactType: "application/spdx+json" });
    assert.match(reportOn([chart, sbom], keep, dropOld), /v1 \(Helm chart\) +\S+ days +1 SBOM \(SPDX\) +drop-old/);
    const module = image("module", { artifactType: "application/vnd.wasm.config.v0+json" });
    assert.match(reportOn([module], keep, dropUntagged), /sha256:[0-9a-f]{12} \(Wasm module, untagged\)/);
  });
  it("is nothing where a type has no name", () => {
    const odd = image("odd", { tags: ["v1"], artifactType: "application/x-odd" });
    assert.match(reportOn([odd], keep, dropOld), /^ *v1 +100 days/m);
  });
  it("is counted in the plural", () => {
    assert.equal(
      describeParts(["SBOM (SPDX)", "SBOM (SPDX)", "bundled image", "bundled image", "SOCI index", "SOCI index"]),
      "2 SBOMs (SPDX), 2 SOCI indexes, 2 bundled images",
    );
  });
});

describe("an image that only tools tagged", () => {
  const copied = (name: string) => image(name, { tags: [`${fallbackTagOf(name)}.imgpkg`] });
  it("is named by the preview, with the rule that would match it", () => {
    assert.match(
      reportOn([copied("one"), copied("two")], keep, dropUntagged),
      /tags of tools: 2 images stay that no person tagged and that no rule deletes: a tool derived a tag from the digest \(sha256-[0-9a-f]{6}….imgpkg\), so rules on untagged images do not match them\. A delete rule with `tags: \["sha256-\*"\]` would/,
    );
  });
  it("is not called untagged where it goes", () => {
    assert.match(reportOn([copied("one")], keep, { ...dropOld, tags: ["sha256-*"] }), /\(no person's tag\)/);
  });
});

describe("a rule that takes signatures of images that nobody named", () => {
  const dropDangling: RuleInput = { name: "drop-dangling", action: "delete", dangling: true };
  const signature = image("signature", { tags: [`${fallbackTagOf("elsewhere")}.sig`] });
  const reportOnly = (entries: readonly Entry[], rule: RuleInput) => {
    const policy = policyOf([rule], { limits: { percent: 100 } });
    return previewReport(decisionOn(entries, policy, nothing), policy, {
      approveWith: () => "approve",
      refused: {},
      ledger: {},
      frees: {},
      notices: [],
    });
  };
  const warning = /rule drop-dangling takes signatures whether their images live or not: logto-io\/logto holds no image/;
  it("is warned of in a package without an image", () => assert.match(reportOnly([signature], dropDangling), warning));
  it("is not warned of where it names their package, or the package holds images", () => {
    assert.doesNotMatch(reportOnly([signature], { ...dropDangling, subjectsIn: ["app"] }), warning);
    assert.doesNotMatch(reportOnly([signature, stable], dropDangling), warning);
  });
});
