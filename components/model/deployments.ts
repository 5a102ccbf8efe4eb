/** A deployment that GitHub has on record for an organisation: https://docs.github.com/en/rest/orgs/artifact-metadata */
export interface Deployment {
  readonly name: string;
  readonly environment: string;
  readonly cluster?: string;
}

/** Why GitHub does not say where an image runs. */
export type DeploymentsUnknown =
  /** The owner is a user: GitHub keeps deployment records for organisations only. */
  | { readonly kind: "user" }
  /** GitHub answers 403 to a missing permission, or 404, which may also mean that it has no record: that is not documented. */
  | { readonly kind: "refused"; readonly status: number; readonly answer: string }
  /** An error, or an answer that is not understood: another attempt may get a better one. */
  | { readonly kind: "failed"; readonly answer: string };

/** What the token or the owner is the cause of, so that all questions get the same answer. */
export type DeploymentsRefused = Exclude<DeploymentsUnknown, { kind: "failed" }>;

/** GitHub's answer about one digest. */
export type DeploymentAnswer = { readonly kind: "answered"; readonly deployments: readonly Deployment[] } | DeploymentsUnknown;

/** The answers of one observation, by digest. Of a digest without an answer GitHub was not asked. */
export type DeploymentAnswers = Readonly<Record<string, DeploymentAnswer>>;
