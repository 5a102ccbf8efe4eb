import type { Step } from "../../../cleaners/cleaner";
import type { RuleInput } from "../../config-file/commented-entry";
import type { Graph } from "../../graph/graph";

/** A rule with the reason for which it stands there. */
export interface TranslatedRule {
  readonly rule: RuleInput;
  readonly because: string;
}

/** What a step of an old workflow says, as rules. */
export interface Translation {
  readonly step: Step;
  /** As written, where it is; an expression is for a person to fill in. */
  readonly owner?: string;
  /** Names or patterns, as written; absent: the step leaves them to the repository it runs in, or to an expression. */
  readonly packages?: readonly string[];
  readonly rules: readonly TranslatedRule[];
  readonly protect: readonly string[];
  /** What only a run knows, or nobody: as long as something is open, no rule deletes. */
  readonly open: readonly string[];
  /** What has no equivalent, with the nearest safe thing. */
  readonly notes: readonly string[];
  /** How the old step can break images, in words. */
  readonly losses: readonly string[];
  /** The versions that the old step would delete of a package; absent where that cannot be computed. */
  readonly oldDeletions?: OldDeletions;
}

/** The nodes that an old step deletes in a run today. Pure. */
export type OldDeletions = (graph: Graph) => ReadonlySet<number>;

/** A step that deletes no version of a container package, and why. */
export interface Nothing {
  readonly step: Step;
  readonly because: string;
}

export function isNothing(translation: Translation | Nothing): translation is Nothing {
  return "because" in translation;
}
