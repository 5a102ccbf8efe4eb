import type { OrganizationApproval } from "../approval/organization-id";
import type { WrittenPolicy } from "../config/written-policy";
import { check } from "../lifecycle/check";
import { type Decided, decideAgain } from "../lifecycle/state/decide-again";
import { type CheckedInputs, type ProgramInputs, StoredRecord } from "../lifecycle/state/stored";
import type { Outcome } from "../plan/outcome";
import { previewReport } from "../report/preview-report";
import { type Finding, LastOutputs, ReviewedInputs } from "./finding";

/** A package that was looked at, with all that a preview would know of it. */
export interface ReviewInput {
  readonly policy: WrittenPolicy;
  readonly outcome: Outcome;
  /** The settings among the resource's inputs. */
  readonly servers: Pick<ProgramInputs, "githubApiUrl" | "registryUrl" | "deletionsPerMinute">;
  /** The resource in the stack's state. */
  readonly record?: { readonly inputs: unknown; readonly outputs: unknown } | undefined;
  readonly share?: OrganizationApproval;
  readonly approveWith: (planId: string) => string;
  readonly warnings: readonly string[];
  /** A look that failed is no reason to fail. */
  readonly tolerant: boolean;
}

/** What the engine would print, store and hand to policy packs, with the decision; or why there is none. */
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

/** What the last run left; `undefined` where there was none. */
export function lastOf({ record }: Pick<ReviewInput, "record">): LastOutputs | undefined {
  const last = LastOutputs.safeParse(record?.outputs);
  return last.success ? last.data : undefined;
}

/** What a preview would say: the same check, the same decision, the same report. Pure. */
export function findingOf(looked: ReviewInput, { inputs, decided, failures }: CheckedPackage = checkPackage(looked)): Finding {
  const { policy, outcome, approveWith, warnings, tolerant, record } = looked;
  const name = `${policy.owner}/${policy.package}`;
  if (outcome.kind === "invalid") return { name, warnings, failure: outcome.policyError };
  if (outcome.kind === "failed")
    return { name, warnings, failure: outcome.observationError, ...(tolerant ? { tolerated: true as const } : {}) };
  if (inputs === undefined || decided === undefined) return { name, warnings, failure: failures.join("\n") };
  const last = lastOf(looked);
  const options = { refused: last?.refused ?? {}, notices: inputs.notices ?? [], approveWith };
  const before = StoredRecord.safeParse(record?.inputs);
  return {
    name,
    inputs: ReviewedInputs.parse(inputs),
    ...(before.success ? { before: before.data } : {}),
    ...(last ? { last } : {}),
    report: previewReport(decided.decision, decided.policy, options),
    warnings,
    decision: decided.decision,
  };
}
