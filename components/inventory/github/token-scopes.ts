import { printable } from "../../model/printable";
import type { TokenScopes } from "../../model/token-scopes";

const maxScopes = 50;

/** GitHub's `x-oauth-scopes` and `x-accepted-oauth-scopes`: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
export function parseScopes(header: unknown): TokenScopes {
  if (typeof header !== "string") return undefined;
  const scopes = header.split(",").map((scope) => printable(scope.trim()));
  return new Set(scopes.filter(Boolean).slice(0, maxScopes));
}
