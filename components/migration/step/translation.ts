import type { Step } from "../../../cleaners/cleaner";
import type { RuleInput } from "../../config-file/commented-entry";
import type { Graph } from "../../graph/graph";

/** A rule with the input that it comes from. */
export interface TranslatedRule {
  readonly rule: RuleInput;
  readonly because: string;
}

/** A step of an old workflow, translated into rules. */
export interface Translation {
  readonly step: Step;
  /** The owner as written; absent when the step does not name one, or by an expression. */
  readonly owner?: string;
  /** Names or patterns as written; absent when the step takes them from its repository, or from an expression. */
  readonly packages?: readonly string[];
  readonly rules: readonly TranslatedRule[];
  readonly protect: readonly string[];
  /** Inputs whose value is unknown or invalid: as long as one is open, no rule deletes. */
  readonly open: readonly string[];
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
