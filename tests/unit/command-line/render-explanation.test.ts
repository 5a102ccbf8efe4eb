import assert from "node:assert/strict";
import { explain } from "../../../components/approval/explain";
import { renderExplained, renderGone } from "../../../components/command-line/render-explanation";
import { decisionOn, deletedVersion } from "../../support/builders/decided";
import { image } from "../../support/builders/package";
import { dropPullRequests, keepReleases, policyOf } from "../../support/builders/policy";

const policy = policyOf([dropPullRequests, keepReleases]);
const several = image("several", { tags: ["v1", "v1.0"] });
const gone = image("gone", { tags: ["pr-1", "pr-2"] });

describe("an explanation in words", () => {
  const decision = decisionOn([image("prod", { tags: ["prod"] }), several], policy, undefined, { deleted: [deletedVersion(gone, 9)] });
  const explained = (reference: string) => explain(decision, policy, { refused: {}, ledger: [], notices: [] }, reference);

  it("speaks of one version, however many tags it has", () => {
    const here = explained("v1");
    assert.ok(here.kind === "here");
    assert.match(renderExplained(here, decision.plan.seen.graph), /^the version tagged v1, v1\.0 stays: kept by keep-releases\n/);
  });

  it("speaks so of one that is gone", () => {
    const found = explained("pr-1");
    assert.ok(found.kind === "gone");
    assert.match(renderGone(found.gone, "restore it"), /^the version tagged pr-1, pr-2 was deleted at 2026-11-23T00:00:00Z, /);
  });
});
