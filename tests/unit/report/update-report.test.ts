import assert from "node:assert/strict";
import type { Decision } from "../../../components/approval/decide";
import type { ResourceOutputs } from "../../../components/lifecycle/state/decide-again";
import { ledgerLine } from "../../../components/lifecycle/state/ledger";
import { approvalLine } from "../../../components/report/approval-line";
import { updateReport } from "../../../components/report/update-report";
import type { PolicyInput } from "../../../components/rules/policy";
import { decisionOn, nothing } from "../../support/builders/decided";
import { day, digestOf, hour, moment } from "../../support/builders/package";
import { kept, lone, policyWith, pr, world } from "../../support/builders/reported";

const plan = "2026-11-23-0123456789ab";
/** The package was observed at five in the morning; deletions follow. */
const now = moment + 5 * hour;

function ledgerOf(names: readonly string[], deletedAt: number): Record<string, string> {
  const entries = names.map((name) => [digestOf(name), ledgerLine({ id: 7, plan, deletedAt, tags: [], reason: "old" })] as const);
  return Object.fromEntries(entries);
}

function report(known: ResourceOutputs, more: Partial<PolicyInput> = {}, entries = world, record = nothing): string {
  const policy = policyWith(more);
  const decision: Decision = decisionOn(entries, policy, record);
  return updateReport(known, { decision, policy });
}

describe("the report of an update", () => {
  it("tells what this run deleted, what it verified, and how to undo it", () => {
    const ledger = ledgerOf(["pr", "pr-amd64", "pr-arm64", "lone"], now + 1000);
    assert.equal(
      report({ ledger }, { protect: ["pr-1", digestOf("lone")] }),
      `deleted 4 versions; all 3 manifests of 1 retained image verified; undo: npx ghcr-retention restore --plan ${plan}`,
    );
  });
  it("tells how much of what is approved waits for the next run", () => {
    const ledger = ledgerOf(["lone"], now);
    const remaining = Object.fromEntries(["pr", "pr-amd64", "pr-arm64"].map((name) => [digestOf(name), "old"]));
    const text = report({ ledger, remaining, refused: { [digestOf("pr-arm64")]: "popular" } });
    assert.match(
      text,
      /^deleted 1 of 3 approved versions \(2 left for the next `pulumi up`\); 1 approved version stays; all 6 manifests of 2 /,
    );
  });
  it("counts among what stays only what is there", () => {
    const refused = { [digestOf("lone")]: "popular", [digestOf("gone")]: "popular" };
    assert.match(report({ refused }), /^1 approved version stays/);
    assert.doesNotMatch(report({ refused: { [digestOf("gone")]: "popular" } }), /approved/);
  });
  it("claims no verification where the run failed", () => {
    assert.doesNotMatch(report({ ledger: ledgerOf(["lone"], now), failure: "it broke off" }), /verified/);
  });
  it("tells what an earlier run deleted apart from that", () => {
    const text = report({ ledger: ledgerOf(["gone", "gone too"], now - day) }, {}, kept);
    assert.equal(text, "2 versions deleted earlier can be restored");
  });
  it("does not count what was restored since among what can be restored", () => {
    const text = report({ ledger: ledgerOf(["gone", "lone"], now - day) }, { protect: ["pr-1", digestOf("lone")] });
    assert.equal(text, "1 version deleted earlier and restored since: left alone; 1 version deleted earlier can be restored");
  });
  it("claims no deletion of an earlier run, even of the same second", () => {
    assert.equal(
      report({ ledger: ledgerOf(["gone"], now), restoring: { [digestOf("pr")]: "old" } }, {}, kept),
      "restored 1 version, and pulled; 1 version deleted earlier can be restored",
    );
  });
  it("tells what came back", () => {
    assert.equal(report({ restoring: { [digestOf("pr")]: "old" } }, {}, kept), "restored 1 version, and pulled");
    assert.doesNotMatch(report({ restoring: { [digestOf("pr")]: "old" }, failure: "it broke off" }, {}, kept), /restored/);
  });
  it("ends with the line that approves what waits, as a preview does, and with none where nobody can", () => {
    const waits = (limits: PolicyInput["limits"]) => {
      const policy = policyWith({ limits });
      const approveWith = approvalLine({ configPath: "ghcr-retention:policies[0]" });
      return updateReport({}, { decision: decisionOn(world, policy), policy }, undefined, approveWith);
    };
    assert.match(
      waits({ percent: 100 }),
      /^plan (\S+) waits for approval \(4 versions\)\nTo approve exactly this:\n {2}pulumi config set --path 'ghcr-retention:policies\[0\]\.approve' \1$/,
    );
    assert.doesNotMatch(waits({ percent: 50 }), /To approve/);
  });
  it("tells which plan waits, or why nobody can approve it", () => {
    assert.match(report({}, {}, [...kept, lone]), /^plan \S+ waits for approval \(1 version\)$/);
    assert.match(
      report({}, { limits: { percent: 20 } }, [...kept, ...pr]),
      /^plan \S+ cannot be approved \(3 versions\): it deletes 50\.0% of the package's 6 versions, and limits\.percent allows 20%\. Change the rules or the limits$/,
    );
  });
  it("tells what is recorded, and from when it may go, with a grace", () => {
    assert.equal(report({}, { grace: "7d" }), "4 versions recorded, deletable from 2026-11-30");
  });
  it("tells that there was nothing to do", () => {
    assert.equal(report({}, {}, kept), "nothing to delete: all 3 versions stay");
  });
});
