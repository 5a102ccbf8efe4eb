import type { RequestError } from "@octokit/request-error";
import { missingScopes, type TokenScopes } from "../../model/token-scopes";
import { forbidsClassicTokens } from "../http/error-body";
import { parseScopes } from "./token-scopes";

/** Why GitHub refuses a request, as far as its answer tells. */
export type Refusal =
  /** The token is none, is wrong, or has expired. */
  | { readonly kind: "credentials" }
  | { readonly kind: "classic tokens forbidden" }
  /** `address` is where the token's owner authorises it. */
  | { readonly kind: "single sign-on"; readonly address: string | undefined }
  | { readonly kind: "scopes"; readonly has: readonly string[]; readonly missing: readonly string[] }
  /** 403 without a reason that is known. */
  | { readonly kind: "permission" }
  /** GitHub answers 404 also where the token has no admin right. */
  | { readonly kind: "not found" };

/** Reads why GitHub refuses; `undefined` where the answer is no refusal of the token. */
export function refusalOf({ status, message, response }: RequestError): Refusal | undefined {
  if (status === 401) return { kind: "credentials" };
  if (status !== 403 && status !== 404) return undefined;
  if (forbidsClassicTokens(message)) return { kind: "classic tokens forbidden" };
  // `partial-results` is about other organisations.
  const signOn = String(response?.headers["x-github-sso"] ?? "");
  if (signOn.startsWith("required") || /\bSAML enforcement\b/i.test(message)) return { kind: "single sign-on", address: addressIn(signOn) };
  const has = parseScopes(response?.headers["x-oauth-scopes"]);
  const missing = has && missingScopes(has, wantedScopes(message, parseScopes(response?.headers["x-accepted-oauth-scopes"])));
  if (has && missing && missing.length > 0) return { kind: "scopes", has: [...has], missing };
  return { kind: status === 403 ? "permission" : "not found" };
}

/** The header of the accepted scopes is empty for packages, where the message names them instead. */
function wantedScopes(message: string, accepted: TokenScopes): ReadonlySet<string> {
  if (accepted !== undefined && accepted.size > 0) return accepted;
  return new Set(/^you need at least\b/i.test(message) ? message.match(/\b(?:read|write|delete):packages\b/g) : []);
}

/** An authorization request has about 60 characters. */
const maxAddressLength = 500;

/** The address in `required; url=https://github.com/orgs/…`, if it is GitHub's own: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#personal-access-tokens-and-saml-sso */
function addressIn(header: string): string | undefined {
  const [, text = ""] = /\burl=(\S+)/.exec(header) ?? [];
  if (text.length > maxAddressLength || !URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, href } = new URL(text);
  const isGitHub = hostname === "github.com" || hostname.endsWith(".ghe.com");
  return protocol === "https:" && isGitHub && port + username + password === "" ? href : undefined;
}
