import { buildGraph } from "../../../components/graph/graph";
import type { CheckedInputs } from "../../../components/lifecycle/state/stored";
import type { Inventory } from "../../../components/model/inventory";
import { approvalLine } from "../../../components/report/approval-line";
import type { Finding, ReportFinding } from "../../../components/review/finding";
import { parseReport } from "../../../components/review/parse-report";
import { reportFinding } from "../../../components/review/preview-json";
import type { ReviewedInputs } from "../../../components/review/recorded";
import { type PackageReview, type Review, reviewOf } from "../../../components/review/review";
import { checkPackage, findingOf, type ReviewInput } from "../../../components/review/review-package";
import type { PolicyInput } from "../../../components/rules/policy";
import { type Entry, packageOf } from "./package";
import { dropPullRequests, dropUntagged, keepReleases } from "./policy";

interface Circumstances {
  readonly policy?: Partial<PolicyInput>;
  readonly record?: ReviewInput["record"];
  /** Changes what was seen. */
  readonly inventory?: Partial<Inventory>;
  readonly configPath?: string | null;
  readonly warnings?: readonly string[];
}

/** A package with the usual rules, looked at in a preview. */
export function lookedAt(entries: readonly Entry[], circumstances: Circumstances = {}): ReviewInput {
  const { policy: more = {}, record, inventory = {}, configPath = "ghcr-retention:policies[0]", warnings = [] } = circumstances;
  const rules = [dropUntagged, dropPullRequests, keepReleases];
  const policy: PolicyInput = { owner: "logto-io", package: "logto", rules, limits: { percent: 100 }, ...more };
  const there = { ...packageOf(...entries), package: { owner: policy.owner, name: policy.package }, ...inventory };
  return {
    policy,
    outcome: { kind: "observed", graph: buildGraph(there), policy },
    servers: { githubApiUrl: "https://api.github.com", registryUrl: "https://ghcr.io", deletionsPerMinute: 180 },
    record,
    approveWith: approvalLine({ configPath: configPath ?? undefined }),
    warnings,
    tolerant: false,
  };
}

export function findingOn(entries: readonly Entry[], circumstances?: Circumstances): Finding {
  return findingOf(lookedAt(entries, circumstances));
}

/** The inputs as the stack records them after this preview's update. */
export function recordAfter(entries: readonly Entry[], circumstances?: Circumstances): { inputs: CheckedInputs; outputs: object } {
  const { inputs } = checkPackage(lookedAt(entries, circumstances));
  if (inputs === undefined) throw new Error("the check failed");
  return { inputs, outputs: {} };
}

export function reviewWith(packages: readonly Finding[], more: Partial<Parameters<typeof reviewOf>[1]> = {}): Review {
  return reviewOf("prod", { packages, organizations: [], notes: [], errors: [], ...more });
}

/** What a report that a preview printed says, with the inputs beside it. */
export function reported(report: string, inputs?: ReviewedInputs): ReportFinding {
  return reportFinding(parseReport(report), inputs);
}

export function packageReview(finding: Finding): PackageReview {
  return reviewWith([finding]).packages[0] as PackageReview;
}
