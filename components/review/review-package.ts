import type { Decision } from "../approval/decide";
import type { OrganizationApproval } from "../approval/organization-id";
import type { WrittenPolicy } from "../config/written-policy";
import { check } from "../lifecycle/check";
import { type Decided, decideAgain } from "../lifecycle/state/decide-again";
import type { CheckedInputs, ProgramInputs } from "../lifecycle/state/stored";
import { recallNotices } from "../lifecycle/state/stored-notices";
import type { StoredReasons } from "../lifecycle/state/stored-reasons";
import { deletionText } from "../messages/deletion-reason";
import type { Outcome } from "../plan/outcome";
import type { Plan } from "../plan/plan";
import { type Day, dayOfPlan } from "../plan/plan-id";
import { deletionReasons } from "../plan/reasons";
import type { RaiseWith } from "../report/approval-line";
import { noteSentence, type Paragraph, renderParagraphs } from "../report/paragraph";
import { previewParagraphs } from "../report/preview-report";
import type { Finding, PlanReview, ReportFinding } from "./finding";
import { plannedImages } from "./planned-images";
import { LastOutputs, tagsOnRecord } from "./recorded";

/** An observed package with everything that a preview would know about it. */
export interface ReviewInput {
  readonly policy: WrittenPolicy;
  readonly outcome: Outcome;
  /** The settings among the resource's inputs. */
  readonly servers: Pick<ProgramInputs, "githubApiUrl" | "registryUrl" | "deletionsPerMinute">;
  /** The resource in the stack's state. */
  readonly record?: { readonly inputs: unknown; readonly outputs: unknown } | undefined;
  readonly share?: OrganizationApproval;
  readonly approveWith: (planId: string) => string;
  readonly raiseWith?: RaiseWith;
  readonly warnings: readonly string[];
  /** A failed observation does not fail the review. */
  readonly tolerant: boolean;
}

/** The inputs that the engine would print, store and pass to policy packs, with the decision; or why there are none. */
export interface CheckedPackage {
  readonly inputs?: CheckedInputs;
  readonly decided?: Decided;
  readonly failures: readonly string[];
}

export function checkPackage({ policy, outcome, servers, record, share }: ReviewInput): CheckedPackage {
  const written = outcome.kind === "invalid" ? policy : outcome.policy;
  const news = { ...written, ...servers, ...observedIn(outcome), ...(share ? { organization: share } : {}) } as ProgramInputs;
  const { inputs, failures = [] } = check(record?.inputs, news);
  const decided = inputs && outcome.kind === "observed" ? decideAgain(inputs, outcome) : undefined;
  return { ...(inputs ? { inputs } : {}), ...(decided ? { decided: decided } : {}), failures: failures.map(({ reason }) => reason) };
}

function observedIn(outcome: Outcome): Pick<ProgramInputs, "inventory" | "observationError" | "policyError"> {
  if (outcome.kind === "observed") return { inventory: outcome.graph.inventory };
  return outcome.kind === "failed" ? { observationError: outcome.observationError } : { policyError: outcome.policyError };
}

/** Returns the outputs of the last run; `undefined` where there was none. */
export function lastOf({ record }: Pick<ReviewInput, "record">): LastOutputs | undefined {
  const last = LastOutputs.safeParse(record?.outputs);
  return last.success ? last.data : undefined;
}

/** Returns what a preview would say: the same check, the same decision, the same report. Pure. */
export function findingOf(reviewed: ReviewInput, { inputs, decided, failures }: CheckedPackage = checkPackage(reviewed)): Finding {
  const { policy, outcome, warnings, tolerant } = reviewed;
  const name = `${policy.owner}/${policy.package}`;
  if (outcome.kind === "invalid") return { name, warnings, failure: outcome.policyError };
  if (outcome.kind === "failed")
    return { name, warnings, failure: outcome.observationError, ...(tolerant ? { tolerated: true as const } : {}) };
  if (inputs === undefined || decided === undefined) return { name, warnings, failure: failures.join("\n") };
  const last = lastOf(reviewed);
  const refused = last?.refused ?? {};
  const options = {
    refused,
    notices: recallNotices(inputs),
    approveWith: reviewed.approveWith,
    inUse: outcome.inUse,
    ...(reviewed.raiseWith ? { raiseWith: reviewed.raiseWith } : {}),
  };
  const paragraphs = previewParagraphs(decided.decision, decided.policy, options);
  return {
    name,
    report: reportFinding(reviewed, inputs, decided.decision, paragraphs),
    warnings,
    decision: decided.decision,
    preview: { policy: decided.policy, text: renderParagraphs(paragraphs), ...(last === undefined ? {} : { last }) },
  };
}

function reportFinding(reviewed: ReviewInput, inputs: CheckedInputs, decision: Decision, paragraphs: readonly Paragraph[]): ReportFinding {
  const refused = lastOf(reviewed)?.refused ?? {};
  const earlierTags = [reviewed.record?.inputs, inputs].flatMap(tagsOnRecord);
  const approved = decision.going.digests().filter((digest) => refused[digest] === undefined);
  const plans = paragraphs.flatMap((paragraph): PlanReview[] => {
    if (paragraph.kind !== "plan") return [];
    const { headline, note, ...plan } = paragraph.plan;
    const text = noteSentence({ state: plan.state, note });
    const digests = plan.state === "approved" ? approved : Object.keys(decision.pending?.deletions ?? {});
    const days = plan.state === "approved" ? daysOfApproval(decision) : () => dayOfPlan(headline.id);
    const planned = plannedImages({ plan: decision.plan, digests, dayOf: days, earlierTags });
    return [{ ...headline, ...plan, text, planned, reasons: reasonsOf(decision.plan, digests, days) }];
  });
  const idle = paragraphs.find((paragraph) => paragraph.kind === "idle")?.text;
  return {
    plans,
    ...(idle === undefined ? {} : { idle }),
    alerts: paragraphs.flatMap((paragraph) => (paragraph.kind === "alert" ? [paragraph.alert] : [])),
    notices: paragraphs.flatMap((paragraph) => (paragraph.kind === "notice" ? [paragraph.text] : [])),
    blocks: paragraphs.flatMap((paragraph) => (paragraph.kind === "block" ? [paragraph.block] : [])),
  };
}

/** Ages stay those of the day on which a plan was made, so that a review is the same from day to day. */
function daysOfApproval({ plan, plans }: Decision): (digest: string) => Day {
  const { nodes, byDigest } = plan.deletions.graph;
  const days = new Map(
    Object.entries(plans).flatMap(([id, { images, parts }]) => [...images, ...parts].map((one) => [one, dayOfPlan(id)])),
  );
  return (digest) => days.get(nodes[byDigest.get(digest) ?? -1]?.version.id ?? 0) ?? plan.asOf;
}

function reasonsOf(plan: Plan, digests: readonly string[], dayOf: (digest: string) => Day): StoredReasons {
  const { byDigest } = plan.deletions.graph;
  const reasons = deletionReasons(plan, dayOf);
  const entries = digests.flatMap((digest) => {
    const planned = reasons.get(byDigest.get(digest) ?? -1);
    return planned === undefined ? [] : [[digest, deletionText(planned.reason)] as const];
  });
  return Object.fromEntries(entries);
}
