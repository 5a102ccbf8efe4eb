import type { Deployment, DeploymentsRefused, DeploymentsUnknown } from "../model/deployments";
import type { InUseReason } from "../plan/stay-reason";
import type { InUse } from "../rules/policy";
import { count } from "./plurals";

const maxNamed = 2;

/** Writes where something runs: `shop-web in production (eu-1)`, by deployment, environment and cluster. A column of a preview has 60 characters. */
export function deploymentsText(deployments: readonly Deployment[]): string {
  const named = deployments.slice(0, maxNamed).map(({ name, environment, cluster }) => {
    return `${name} in ${environment}${cluster === undefined ? "" : ` (${cluster})`}`;
  });
  const more = deployments.length - maxNamed;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(" and ");
}

/** Writes why it is not known where something runs. */
export function deploymentsUnknownText(because: DeploymentsUnknown | { readonly kind: "unasked" }): string {
  switch (because.kind) {
    case "unasked":
      return "GitHub was not asked yet";
    case "user":
      return "GitHub keeps deployment records for organisations only, and the owner is a user";
    case "refused":
    case "failed":
      return because.answer;
  }
}

/** Writes why a version stays that runs, or of which GitHub does not say whether it does. */
export function inUseReasonText(reason: InUseReason): string {
  if (reason.kind === "deployments-unknown") return `not known whether it runs: ${deploymentsUnknownText(reason.because)}`;
  return `${reason.part === undefined ? "" : `${reason.part} `}deployed as ${deploymentsText(reason.deployments)}`;
}

/** Writes which approved versions an apply left for that: a line for each that runs, and one for each answer that GitHub gave instead. */
export function inUseLines(label: string, inUse: ReadonlyMap<string, InUseReason>): string[] {
  const unknown = new Map<string, number>();
  const lines: string[] = [];
  for (const [digest, reason] of inUse) {
    if (reason.kind === "deployed") {
      lines.push(`${label}@${digest} stays: ${inUseReasonText(reason)}`);
      continue;
    }
    const why = deploymentsUnknownText(reason.because);
    unknown.set(why, (unknown.get(why) ?? 0) + 1);
  }
  return [...lines, ...[...unknown].map(([why, versions]) => `${label}: ${unknownLine(versions, why)}`)];
}

function unknownLine(versions: number, why: string): string {
  return `${count(versions, "approved version")} ${versions === 1 ? "stays" : "stay"}, not known to run or not to run: ${why}`;
}

/** Writes that GitHub was not asked, what follows, and what to do. */
export function notAskedText(because: DeploymentsRefused, github: InUse["github"]): string {
  const consequence = github === "required" ? "what it does not answer for stays" : "what it does not answer for may go";
  const remedy =
    because.kind === "user"
      ? "Name in `protect` what runs, and remove `inUse`"
      : "Expected a token with the permission 'Artifact metadata' (read), such as a workflow's with `permissions: artifact-metadata: read`";
  return `inUse.github: ${deploymentsUnknownText(because)}: ${consequence}. ${remedy}`;
}
