import { RequestError } from "@octokit/request-error";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import { printable } from "../../model/printable";
import { Stopped } from "../../model/stop";
import { RefusedResponse } from "../http/bounded-fetch";
import { missingScopes, parseScopes } from "./token-scopes";

/** Converts GitHub's response to an error for people; the original holds request headers and is not kept as its cause. */
export function toRetentionError(error: unknown, name: PackageName): Error {
  const label = packageLabel(name);
  if (error instanceof RetentionError || error instanceof Stopped) return error;
  if (!(error instanceof RequestError)) {
    return new RetentionError(`${label}: ${printable(error instanceof Error ? error.message : String(error))}`);
  }
  if (error.cause instanceof RefusedResponse) {
    return new RetentionError(`${label}: GitHub ${error.cause.message}; check \`ghcr-retention:githubApiUrl\`, and run again later.`);
  }
  const says = `GitHub answered ${error.status}: ${printable(error.message.replace(/ - https?:\S+$/, "").replace(/\.$/, ""))}`;
  if (/\brate limit\b/i.test(error.message)) {
    return new RetentionError(
      `${label}: ${says}. The limit lasted through several waits: run again later, or with fewer packages at a time.`,
    );
  }
  if (error.status === 401) {
    return new RetentionError(`${label}: ${says}. Expected a valid token in \`ghcr-retention:token\` or GITHUB_TOKEN.`);
  }
  if (error.status === 403 || error.status === 404) {
    const scopes = aboutScopes(error);
    if (scopes !== undefined) return new RetentionError(`${label}: ${says}: ${scopes}.`);
  }
  if (error.status === 403) {
    return new RetentionError(
      `${label}: ${says}. Expected a classic token with read:packages, or GITHUB_TOKEN of a repository with the Admin role on the package; fine-grained tokens do not reach packages.`,
    );
  }
  if (error.status === 404) {
    return new RetentionError(
      `${label}: ${says}. Either the owner or the package has another name, or the token has no admin right on it: GitHub answers both alike.`,
    );
  }
  if (error.status === 500 && !error.response) {
    return new RetentionError(
      `${label}: GitHub could not be reached (${printable(error.message)}); check \`ghcr-retention:githubApiUrl\` and the network.`,
    );
  }
  return new RetentionError(`${label}: ${says}; run again later.`);
}

/** Returns `the token has read:packages; expected delete:packages`, where GitHub names both and a scope is missing. */
function aboutScopes({ response }: RequestError): string | undefined {
  const has = parseScopes(response?.headers["x-oauth-scopes"]);
  const wanted = parseScopes(response?.headers["x-accepted-oauth-scopes"]);
  if (has === undefined || wanted === undefined) return undefined;
  const missing = missingScopes(has, wanted);
  if (missing.length === 0) return undefined;
  return `the token has ${[...has].join(", ") || "no scope"}; expected ${missing.join(", ")}`;
}
