import assert from "node:assert/strict";
import type { Decision } from "../../../components/approval/decide";
import type { ApprovalRecord, Pending } from "../../../components/approval/record";
import { freedByPlans } from "../../../components/report/freed-storage";
import { previewReport, type ReportOptions } from "../../../components/report/preview-report";
import type { Policy, PolicyInput } from "../../../components/rules/policy";
import { decisionOn, nothing } from "./decided";
import { childOf, digestOf, type Entry, image, index } from "./package";
import { dropPullRequests, dropUntagged, keepReleases, policyOf } from "./policy";

export const prod = index("prod", [childOf("amd64"), childOf("arm64", "linux/arm64")], { tags: ["prod", "v1"] });
export const kept = [prod, image("amd64"), image("arm64")];
export const pr = [
  index("pr", [childOf("pr-arm64", "linux/arm64"), childOf("pr-amd64")], { tags: ["pr-1"], days: 30 }),
  image("pr-amd64", { days: 30 }),
  image("pr-arm64", { days: 30 }),
];
export const lone = image("lone", { days: 20 });
export const world = [...kept, ...pr, lone];

export function policyWith(more: Partial<PolicyInput> = {}): Policy {
  return policyOf([dropUntagged, dropPullRequests, keepReleases], { limits: { percent: 100 }, ...more });
}

/** The report by paragraph, with the columns of its tables two blanks apart. */
export function paragraphsOf(decision: Decision, policy: Policy, options: Partial<ReportOptions> = {}): string[] {
  const report = previewReport(decision, policy, {
    approveWith: (id) => `approve ${id}`,
    refused: {},
    ledger: {},
    frees: freedByPlans({}, decision),
    notices: [],
    ...options,
  });
  return report.split("\n\n").map((paragraph) => paragraph.replaceAll(/(?<=\S) {2,}/g, "  "));
}

export function reportOf(entries: readonly Entry[], more: Partial<PolicyInput> = {}, record: ApprovalRecord = nothing): string[] {
  const policy = policyWith(more);
  return paragraphsOf(decisionOn(entries, policy, record), policy);
}

export function pendingOf(entries: readonly Entry[], more: Partial<PolicyInput> = {}): Pending {
  const { pending } = decisionOn(entries, policyWith(more));
  assert.ok(pending);
  return pending;
}

export function short(name: string): string {
  return digestOf(name).slice(0, "sha256:".length + 12);
}
