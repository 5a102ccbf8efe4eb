import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import type { TokenScopes } from "../../model/token-scopes";

/** Throws where a classic token lacks the scope. GitHub does not report the permissions of a GITHUB_TOKEN: a request shows them. */
export function requireScope(name: PackageName, scopes: TokenScopes, scope: string, consequence: string): void {
  if (scopes === undefined || scopes.has(scope)) return;
  throw new RetentionError(
    `${packageLabel(name)}: the token has no scope ${scope}; ${consequence}. Expected read:packages, delete:packages and, to undo, write:packages.`,
  );
}

/** A token may delete without being able to undo: https://docs.github.com/en/rest/packages/packages */
export function canUndo(scopes: TokenScopes): boolean {
  return scopes === undefined || scopes.has("write:packages");
}
