import type { Decision } from "../approval/decide";
import { approvedDigests } from "../approval/done";
import { inGrace } from "../approval/in-grace";
import type { OrganizationApproval } from "../approval/organization-id";
import type { WrittenPolicy } from "../config/written-policy";
import { check } from "../lifecycle/check";
import { type Decided, decideAgain } from "../lifecycle/state/decide-again";
import { readStored } from "../lifecycle/state/read-stored";
import type { CheckedInputs, ProgramInputs } from "../lifecycle/state/stored";
import { recallNotices } from "../lifecycle/state/stored-notices";
import type { StoredReasons } from "../lifecycle/state/stored-reasons";
import { deletionText } from "../messages/deletion-reason";
import { RetentionError } from "../model/errors";
import type { Outcome } from "../plan/outcome";
import type { Plan } from "../plan/plan";
import { type Day, dayOfPlan } from "../plan/plan-id";
import { deletionReasons } from "../plan/reasons";
import type { RaiseWith } from "../report/approval-line";
import { freedByPlans } from "../report/freed-storage";
import { noteSentence, type Paragraph, renderParagraphs } from "../report/paragraph";
import { previewParagraphs } from "../report/preview-report";
import type { Finding, PlanReview, ReportFinding } from "./finding";
import { plannedImages } from "./planned-images";
import { doneBy, LastOutputs, RunRecord, tagsOnRecord } from "./recorded";
import { undoLines } from "./undo-lines";

/** An observed package with everything that a preview would know about it. */
export interface ReviewInput {
  readonly policy: WrittenPolicy;
  readonly outcome: Outcome;
  /** The settings among the resource's inputs. */
  readonly servers: Pick<ProgramInputs, "githubApiUrl" | "registryUrl" | "deletionsPerMinute">;
  /** The resource in the stack's state. */
  readonly record?: { readonly inputs: unknown; readonly outputs: unknown } | undefined;
  readonly share?: OrganizationApproval;
  /** Absent where the record is not known, so that nobody approves what may not be the plan. */
  readonly approveWith?: ((planId: string) => string) | undefined;
  readonly raiseWith?: RaiseWith;
  readonly warnings: readonly string[];
  /** A failed observation does not fail the review. */
  readonly tolerant: boolean;
}

/** The inputs that the engine would print, store and pass to policy packs, with the decision; or why there are none. */
export interface CheckedPackage {
  readonly inputs?: CheckedInputs;
  readonly decided?: Decided;
  /** The outputs of the last run; absent where there was none. */
  readonly last?: LastOutputs;
  readonly failures: readonly string[];
}

export function checkPackage(reviewed: ReviewInput): CheckedPackage {
  const { policy, outcome, servers, record, share } = reviewed;
  const label = `${policy.owner}/${policy.package}`;
  const last = record === undefined ? undefined : lastOutputs(record, label);
  if (last instanceof RetentionError) return { failures: [last.message] };
  const written = outcome.kind === "invalid" ? policy : outcome.policy;
  const news = { ...written, ...servers, ...observedIn(outcome), ...(share ? { organization: share } : {}) } as ProgramInputs;
  const { inputs, failures = [] } = check(record?.inputs, news);
  const decided = inputs && outcome.kind === "observed" ? decideAgain(inputs, outcome) : undefined;
  return {
    ...(inputs ? { inputs } : {}),
    ...(decided ? { decided } : {}),
    ...(last ? { last } : {}),
    failures: failures.map(({ reason }) => reason),
  };
}

/** Every run records deletions and outputs. Without them nobody knows what was approved, so the package counts as not reviewed. */
function lastOutputs({ inputs, outputs }: Exclude<ReviewInput["record"], undefined>, label: string): LastOutputs | RetentionError {
  try {
    readStored(RunRecord, inputs, label);
    return readStored(LastOutputs, outputs, label);
  } catch (error) {
    if (error instanceof RetentionError) return error;
    throw error;
  }
}

function observedIn(outcome: Outcome): Pick<ProgramInputs, "inventory" | "observationError" | "policyError"> {
  if (outcome.kind === "observed") return { inventory: outcome.graph.inventory };
  return outcome.kind === "failed" ? { observationError: outcome.observationError } : { policyError: outcome.policyError };
}

/** Returns what a preview would say: the same check, the same decision, the same report. Pure. */
export function findingOf(reviewed: ReviewInput, checked: CheckedPackage = checkPackage(reviewed)): Finding {
  const { inputs, decided, failures } = checked;
  const { policy, outcome, warnings, tolerant } = reviewed;
  const name = `${policy.owner}/${policy.package}`;
  if (outcome.kind === "invalid") return { name, warnings, failure: outcome.policyError };
  if (outcome.kind === "failed")
    return { name, warnings, failure: outcome.observationError, ...(tolerant ? { tolerated: true as const } : {}) };
  if (inputs === undefined || decided === undefined) return { name, warnings, failure: failures.join("\n") };
  const { last } = checked;
  const frees = freedByPlans(last ?? {}, decided.decision);
  const options = {
    ...doneBy(last),
    frees,
    notices: recallNotices(inputs),
    approveWith: reviewed.approveWith,
    inUse: outcome.inUse,
    ...(reviewed.raiseWith ? { raiseWith: reviewed.raiseWith } : {}),
  };
  const paragraphs = previewParagraphs(decided.decision, decided.policy, options);
  return {
    name,
    report: reportFinding(reviewed, { inputs, decided, last }, paragraphs),
    warnings,
    decision: decided.decision,
    preview: { policy: decided.policy, text: renderParagraphs(paragraphs), frees, ...(last === undefined ? {} : { last }) },
  };
}

interface Reported {
  readonly inputs: CheckedInputs;
  readonly decided: Decided;
  readonly last: LastOutputs | undefined;
}

function reportFinding(reviewed: ReviewInput, { inputs, decided, last }: Reported, paragraphs: readonly Paragraph[]): ReportFinding {
  const { decision, policy } = decided;
  const earlierTags = [reviewed.record?.inputs, inputs].flatMap(tagsOnRecord);
  const approved = approvedDigests(decision, doneBy(last));
  const plans = paragraphs.flatMap((paragraph): PlanReview[] => {
    if (paragraph.kind !== "plan") return [];
    const { headline, note, ...plan } = paragraph.plan;
    const text = noteSentence({ state: plan.state, note });
    const digests = plan.state === "approved" ? approved : Object.keys(decision.pending?.deletions ?? {});
    const days = plan.state === "approved" ? daysOfApproval(decision) : () => dayOfPlan(headline.id);
    const planned = plannedImages({ plan: decision.plan, digests, dayOf: days, earlierTags });
    const canUndo = plan.state !== "refused" && reviewed.approveWith !== undefined;
    // A printed preview tells the place of a plan that waits only, and a review of it says the same.
    const undoWith = canUndo ? { undoWith: undoLines(headline.id, plan.approveWith, policy.restore.length) } : {};
    return [
      {
        ...headline,
        ...plan,
        ...undoWith,
        text,
        planned,
        reasons: reasonsOf(decision.plan, digests, days),
      },
    ];
  });
  const idle = paragraphs.find((paragraph) => paragraph.kind === "idle")?.text;
  const { plan } = decision;
  const counts = {
    total: plan.deletions.graph.nodes.length,
    withheld: plan.withheld.length,
    inGrace: inGrace(decision, policy).digests.length,
  };
  return {
    counts,
    rules: policy.rules,
    plans,
    ...(idle === undefined ? {} : { idle }),
    alerts: paragraphs.flatMap((paragraph) => (paragraph.kind === "alert" ? [paragraph.alert] : [])),
    notices: paragraphs.flatMap((paragraph) => (paragraph.kind === "notice" ? [paragraph.text] : [])),
    notes: paragraphs.flatMap((paragraph) => (paragraph.kind === "note" ? [paragraph.text] : [])),
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
