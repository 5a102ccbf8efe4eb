import { RequestError } from "@octokit/request-error";
import { packageLabel, RefusedError, RetentionError } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import { printable } from "../../model/printable";
import { Stopped } from "../../model/stop";
import { RefusedResponse } from "../http/bounded-fetch";
import type { ErrorBody } from "../http/error-body";
import { LimitLasts, maxWaitSeconds } from "../http/retry-policy";
import { type Refusal, refusalOf } from "./refusal";

/** Converts GitHub's response to an error for people; the original holds request headers and is not kept as its cause. */
export function toRetentionError(error: unknown, name: PackageName): Error {
  return errorAbout(packageLabel(name), error);
}

/** Converts it for what the label names, such as an owner. */
export function errorAbout(label: string, error: unknown): Error {
  if (error instanceof RetentionError || error instanceof Stopped) return error;
  if (error instanceof LimitLasts && error.cause instanceof RequestError) {
    return new RetentionError(`${label}: ${answerText(error.cause)}. ${limitText(error.waits)}`);
  }
  if (!(error instanceof RequestError)) {
    return new RetentionError(`${label}: ${printable(error instanceof Error ? error.message : String(error))}`);
  }
  if (error.cause instanceof RefusedResponse) {
    return new RetentionError(`${label}: GitHub ${error.cause.message}; check \`ghcr-retention:githubApiUrl\`, and run again later.`);
  }
  if (error.status === 500 && !error.response) {
    return new RetentionError(
      `${label}: GitHub could not be reached (${printable(error.message)}); check \`ghcr-retention:githubApiUrl\` and the network.`,
    );
  }
  const refusal = refusalOf(error);
  if (refusal === undefined) return new RetentionError(`${label}: ${answerText(error)}; run again later.`);
  return new RefusedError(`${label}: ${answerText(error)}${refusalText(refusal)}`);
}

/** Returns `GitHub answered 403: its words`, without a full stop. */
export function answerText(error: RequestError): string {
  const { status } = error;
  const words = wordsOf(error).replace(/\.$/, "");
  return words === "" ? `GitHub answered ${status}` : `GitHub answered ${status}: ${words}`;
}

/** Returns GitHub's words, without the address of its documentation. */
export function wordsOf({ message }: RequestError): string {
  return printable(message.replace(/ - https?:\S+$/, ""));
}

/** Reports whether the message is GitHub's own, and not a page or a text of a proxy in front of it. */
export function hasOwnMessage({ response }: RequestError): boolean {
  return (response?.data as Partial<ErrorBody> | undefined)?.form === "message";
}

/** Continues what GitHub answered with what to do. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.kind) {
    case "credentials":
      return ". Expected a valid token in `ghcr-retention:token` or GITHUB_TOKEN.";
    case "classic tokens forbidden":
      return (
        ". Use the GITHUB_TOKEN of a workflow whose repository has the Admin role on the package, or let an owner of the organisation allow " +
        "classic tokens."
      );
    case "single sign-on": {
      const where = refusal.address === undefined ? ", in the settings of your account under tokens," : ` at ${refusal.address}`;
      return `. Authorise the token for the organisation's single sign-on${where} and run again.`;
    }
    case "scopes":
      return `: the token has ${refusal.has.join(", ") || "no scope"}; expected ${refusal.missing.join(", ")}.`;
    case "permission":
      return (
        ". Expected a classic token with read:packages, or GITHUB_TOKEN of a repository with the Admin role on the package; fine-grained tokens " +
        "do not reach packages."
      );
    case "not found":
      return ". Either the owner or the package has another name, or the token has no admin right on it: GitHub answers both alike.";
  }
}

function limitText(waits: number): string {
  if (waits === 0) return `GitHub asks for a longer wait than a run makes (${maxWaitSeconds / 60} minutes): run again later.`;
  return `The limit lasted through ${waits === 1 ? "a wait" : "several waits"}: run again later, or with fewer packages at a time.`;
}
