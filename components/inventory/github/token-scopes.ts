import { printable } from "../../model/printable";

/** The scopes of a classic token; `undefined` for GITHUB_TOKEN, whose permissions GitHub does not list. */
export type TokenScopes = ReadonlySet<string> | undefined;

const maxScopes = 50;

/** GitHub's `x-oauth-scopes` and `x-accepted-oauth-scopes`: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
export function parseScopes(header: unknown): TokenScopes {
  if (typeof header !== "string") return undefined;
  const scopes = header.split(",").map((scope) => printable(scope.trim()));
  return new Set(scopes.filter(Boolean).slice(0, maxScopes));
}

/** Returns the missing scopes. Writing packages includes reading them. */
export function missingScopes(has: ReadonlySet<string>, wanted: ReadonlySet<string>): string[] {
  return [...wanted].filter((scope) => !has.has(scope) && !(scope === "read:packages" && has.has("write:packages")));
}
