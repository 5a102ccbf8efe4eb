/** https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats */
const prefixes = {
  ghp_: "classic",
  ghs_: "installation",
  github_pat_: "fine-grained",
  gho_: "oauth",
  ghu_: "user-to-server",
} as const;

/** `installation` is the GITHUB_TOKEN of a workflow, or the token of a GitHub App. */
export type TokenKind = (typeof prefixes)[keyof typeof prefixes] | "unknown";

/** Tells the kind of a token by its beginning. Tokens of before 2021 are hex digits. */
export function tokenKind(token: string): TokenKind {
  const [, kind] = Object.entries(prefixes).find(([prefix]) => token.startsWith(prefix)) ?? [];
  return kind ?? (/^[0-9a-f]{40}$/.test(token) ? "classic" : "unknown");
}
