import type { Graph } from "../graph/graph";
import type { InUseSummary } from "../model/in-use-summary";
import type { PolicyInput } from "../rules/policy";

/** The result of observing a package under a policy. */
export type Outcome = Observed | FailedObservation | PolicyError;

export interface Observed {
  readonly kind: "observed";
  readonly graph: Graph;
  /** The policy as written, with images in use as digests. */
  readonly policy: PolicyInput;
  /** What the policy was told of images in use. */
  readonly inUse?: InUseSummary | undefined;
}

/** The package could not be read, or an image in use is missing from it. */
export interface FailedObservation {
  readonly kind: "failed";
  readonly observationError: string;
  readonly policy: PolicyInput;
  /** An image in use is missing. */
  readonly inUse?: true;
}

/** The policy is not valid, so the package was not observed. */
export interface PolicyError {
  readonly kind: "invalid";
  readonly policyError: string;
}
