import { z } from "zod";
import { RefusedError, RetentionError } from "../../model/errors";
import { printable } from "../../model/printable";
import { forbidsClassicTokens, isPage } from "../http/error-body";
import type { HttpResponse } from "../http/response";

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
const OciErrors = z.object({ errors: z.array(z.object({ code: z.string(), message: z.string().nullish() })) });

/** Throws what a response other than 200 means: a refusal of the token, a redirect, or something unexpected. */
export function expectOk(response: HttpResponse, label: string, expected = "200 or 404"): void {
  const { status } = response;
  if (status === 200) return;
  if (status === 401 || status === 403) {
    const words = wordsOf(response);
    const remedy = remedyFor(response, "Expected a classic token with read:packages, or GITHUB_TOKEN with access to the package.");
    throw new RefusedError(`${label}: the registry refuses the token (${status})${words === "" ? "" : `: ${words}`}. ${remedy}`);
  }
  if (status >= 300 && status < 400)
    throw new RetentionError(
      `${label}: the registry redirects (${status}); redirects are not followed because the request carries the token.`,
    );
  throw new RetentionError(`${label}: the registry answered ${status}${inBrackets(response)}; expected ${expected}.`);
}

/** A proxy's 404, or one about the whole repository, does not prove that the manifest is missing. */
export function expectUnknown(response: HttpResponse, label: string): void {
  if (errorsIn(response).some(({ code }) => code === "MANIFEST_UNKNOWN")) return;
  throw new RetentionError(
    `${label}: the registry answered 404${inBrackets(response) || " (without a reason)"}, which is not MANIFEST_UNKNOWN and says nothing of this manifest; ` +
      "check `ghcr-retention:registryUrl`, and that the token may pull the package.",
  );
}

/** Throws unless the tag was put back. */
export function expectCreated(response: HttpResponse, label: string): void {
  const { status } = response;
  if (status === 201) return;
  const remedy = remedyFor(response, "The token needs the scope write:packages.");
  throw new RetentionError(
    `${label}: the registry answered ${status} to putting the tag back${inBrackets(response)}; expected 201. ${remedy}`,
  );
}

/** Returns the usual remedy, unless the registry says that the organisation forbids classic tokens. */
function remedyFor(response: HttpResponse, usual: string): string {
  if (!forbidsClassicTokens(wordsOf(response))) return usual;
  return "Use the GITHUB_TOKEN of a workflow that has access to the package, or let an owner of the organisation allow classic tokens.";
}

/** Returns the registry's own words in brackets, after a space; empty where it gives none. */
export function inBrackets(response: HttpResponse): string {
  const words = wordsOf(response);
  return words === "" ? "" : ` (${words})`;
}

/** The registry's own words, `DENIED: permission_denied: …`; empty where there are none, as in an answer to HEAD. */
function wordsOf(response: HttpResponse): string {
  const { body } = response;
  if (typeof body === "string") return "";
  if (isPage(body.toString("utf8"))) return "an HTML page";
  const errors = errorsIn(response).map(({ code, message }) => (message ? `${code}: ${message}` : code));
  return printable(errors.join(", ")).replace(/\.$/, "");
}

function errorsIn({ body }: HttpResponse): z.output<typeof OciErrors>["errors"] {
  if (typeof body === "string") return [];
  try {
    return OciErrors.safeParse(JSON.parse(body.toString("utf8"))).data?.errors ?? [];
  } catch {
    return [];
  }
}
