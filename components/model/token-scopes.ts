/** The scopes of a classic token; `undefined` for GITHUB_TOKEN, whose permissions GitHub does not list. */
export type TokenScopes = ReadonlySet<string> | undefined;

/** Returns the missing scopes. Writing packages includes reading them. */
export function missingScopes(has: ReadonlySet<string>, wanted: ReadonlySet<string>): string[] {
  return [...wanted].filter((scope) => !has.has(scope) && !(scope === "read:packages" && has.has("write:packages")));
}
