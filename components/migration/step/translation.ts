import type { Step } from "../../../cleaners/cleaner";
import type { RuleInput } from "../../config-file/commented-entry";
import type { Graph } from "../../graph/graph";

/** A field of a rule whose value is missing: the input that holds it is unknown or was misunderstood. */
export interface Gap {
  readonly field: "tags" | "notTags" | "mostRecent" | "olderThan" | "newerThan";
  readonly input: string;
}

/** A rule with the input that it comes from. */
export interface TranslatedRule {
  readonly rule: RuleInput;
  readonly because: string;
  /** What is missing; a rule with gaps is only suggested. */
  readonly gaps?: readonly Gap[];
}

/** An input that leaves its step open. */
export interface OpenInput {
  readonly input: string;
  readonly line: number;
  /** As written; absent when the input is missing. */
  readonly written?: string;
  readonly reason: "known-in-a-run" | "no-such-input" | "other-version" | "misread" | "cannot-start" | "no-equivalent";
  readonly why: string;
}

/** A step of an old workflow, translated into rules. */
export interface Translation {
  readonly step: Step;
  /** The owner as written; absent when the step does not name one, or by an expression. */
  readonly owner?: string;
  /** Names or patterns as written; absent when the step takes them from its repository, or from an expression. */
  readonly packages?: readonly string[];
  /** The expression that names the packages, while its value is unknown. */
  readonly placeholder?: string;
  readonly rules: readonly TranslatedRule[];
  readonly protect: readonly string[];
  /** Inputs that are unknown, or that the action does not read as they were meant: as long as one is open, no rule deletes. */
  readonly open: readonly OpenInput[];
  /** What the action does with the inputs as they are; absent while it is unknown, or the same as the rules. */
  readonly effect?: string;
  /** Inputs without an equivalent, each with the nearest safe one. */
  readonly notes: readonly string[];
  /** How the old step can break images. */
  readonly losses: readonly string[];
  /** Computes the versions of a package that the old step would delete; absent when that cannot be computed. */
  readonly oldDeletions?: OldDeletions;
}

/** Returns the nodes that an old step deletes if it runs today. Pure. */
export type OldDeletions = (graph: Graph) => ReadonlySet<number>;

/** A step that deletes no version of a container package, with the reason. */
export interface HarmlessStep {
  readonly step: Step;
  readonly because: string;
}

export function isHarmless(translation: Translation | HarmlessStep): translation is HarmlessStep {
  return "because" in translation;
}

/** Whether a rule of a step is only suggested: it lacks a value, or it deletes while a value of its step is open, and may be too wide. */
export function isOnlySuggested({ rule, gaps = [] }: TranslatedRule, open: readonly OpenInput[]): boolean {
  return gaps.length > 0 || (rule.action === "delete" && open.length > 0);
}

/** The gaps of a rule for inputs that are missing, by the field that each would fill. */
export function gaps(missing: ReadonlySet<string>, fields: Readonly<Record<string, Gap["field"]>>): { readonly gaps?: Gap[] } {
  const found = Object.entries(fields).flatMap(([input, field]) => (missing.has(input) ? [{ field, input }] : []));
  return found.length === 0 ? {} : { gaps: found };
}
