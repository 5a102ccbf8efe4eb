import type { Graph } from "../graph/graph";
import type { PolicyInput } from "../rules/policy";

/** What the program saw of a package, or why it could not; or what is wrong with the policy, so that it did not look. */
export type Outcome = Observed | FailedObservation | PolicyError;

export interface Observed {
  readonly graph: Graph;
  /** With images in use as digests. */
  readonly policy: PolicyInput;
}

export interface FailedObservation {
  readonly observationError: string;
  readonly policy: PolicyInput;
  /** It is about an image in use. */
  readonly inUse?: true;
}

export interface PolicyError {
  readonly policyError: string;
}
