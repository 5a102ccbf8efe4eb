import type { OrganizationShare } from "../approval/organization-id";
import type { WrittenPolicy } from "../config/written-policy";
import type { LookOutcome } from "../inventory/outcome";
import { check } from "../lifecycle/check";
import { type Judgement, judge } from "../lifecycle/state/decide-again";
import { type CheckedInputs, type ProgramInputs, StoredRecord } from "../lifecycle/state/stored";
import { previewReport } from "../report/preview-report";
import { type Finding, LastOutputs, ReviewedInputs } from "./finding";

/** A package that was looked at, with all that a preview would know of it. */
export interface Looked {
  readonly policy: WrittenPolicy;
  readonly outcome: LookOutcome;
  /** The settings among the resource's inputs. */
  readonly servers: Pick<ProgramInputs, "githubApiUrl" | "registryUrl" | "deletionsPerMinute">;
  /** The resource in the stack's state. */
  readonly record?: { readonly inputs: unknown; readonly outputs: unknown } | undefined;
  readonly share?: OrganizationShare;
  readonly approveWith: (planId: string) => string;
  readonly warnings: readonly string[];
  /** A look that failed is no reason to fail. */
  readonly tolerant: boolean;
}

/** What the engine would print, store and hand to policy packs, with the decision; or why there is none. */
export interface CheckedLook {
  readonly inputs?: CheckedInputs;
  readonly judgement?: Judgement;
  readonly failures: readonly string[];
}

export function checkedLook({ policy, outcome, servers, record, share }: Looked): CheckedLook {
  const written = "policy" in outcome ? outcome.policy : policy;
  const news = { ...written, ...servers, ...seenIn(outcome), ...(share ? { organization: share } : {}) } as ProgramInputs;
  const { inputs, failures = [] } = check(record?.inputs, news);
  const judgement = inputs && "graph" in outcome ? judge(inputs, outcome) : undefined;
  return { ...(inputs ? { inputs } : {}), ...(judgement ? { judgement } : {}), failures: failures.map(({ reason }) => reason) };
}

function seenIn(outcome: LookOutcome): Pick<ProgramInputs, "look" | "lookError" | "policyError"> {
  if ("graph" in outcome) return { look: outcome.graph.inventory };
  return "lookError" in outcome ? { lookError: outcome.lookError } : { policyError: outcome.policyError };
}

/** What the last run left; `undefined` where there was none. */
export function lastOf({ record }: Pick<Looked, "record">): LastOutputs | undefined {
  const last = LastOutputs.safeParse(record?.outputs);
  return last.success ? last.data : undefined;
}

/** What a preview would say: the same check, the same decision, the same report. Pure. */
export function findingOf(looked: Looked, { inputs, judgement, failures }: CheckedLook = checkedLook(looked)): Finding {
  const { policy, outcome, approveWith, warnings, tolerant, record } = looked;
  const name = `${policy.owner}/${policy.package}`;
  if ("policyError" in outcome) return { name, warnings, failure: outcome.policyError };
  if ("lookError" in outcome) return { name, warnings, failure: outcome.lookError, ...(tolerant ? { tolerated: true as const } : {}) };
  if (inputs === undefined || judgement === undefined) return { name, warnings, failure: failures.join("\n") };
  const last = lastOf(looked);
  const options = { refused: last?.refused ?? {}, notices: inputs.notices ?? [], approveWith };
  const before = StoredRecord.safeParse(record?.inputs);
  return {
    name,
    inputs: ReviewedInputs.parse(inputs),
    ...(before.success ? { before: before.data } : {}),
    ...(last ? { last } : {}),
    report: previewReport(judgement.decision, judgement.policy, options),
    warnings,
    decision: judgement.decision,
  };
}
