import { RetentionError } from "../model/errors";

/** The scopes that a classic token needs, by use. */
const scopes = {
  "a preview": ["read:packages"],
  "a list of packages": ["read:packages"],
  "this command": ["read:packages"],
  "an apply": ["read:packages", "delete:packages", "write:packages"],
  "a restoration": ["read:packages", "write:packages"],
} as const;
export type TokenUse = keyof typeof scopes;

/** Returns the token of a program or provider: from the stack's config, otherwise from the environment. */
export function findToken(configured: string | undefined): string | undefined {
  return configured ?? process.env.GITHUB_TOKEN;
}

/** Returns the token of a program or provider. Throws a {@link RetentionError} if there is none. */
export function requireToken(token: string | undefined, use: TokenUse): string {
  if (token === undefined) throw refusal("GITHUB_TOKEN, or `pulumi config set --secret ghcr-retention:token`", use);
  return token;
}

/**
 * Returns the token of a command, which cannot decrypt the stack's config and reads only the environment. Throws a
 * {@link RetentionError} if there is none; `otherwise` names an alternative that needs no token.
 */
export function requireCommandToken(use: TokenUse, otherwise?: string): string {
  const token = process.env.GITHUB_TOKEN;
  if (token === undefined) throw refusal("GITHUB_TOKEN", use, otherwise);
  return token;
}

function refusal(setting: string, use: TokenUse, otherwise?: string): RetentionError {
  const [first, ...others] = scopes[use];
  const last = others.at(-1);
  const needed = last === undefined ? `scope ${first}` : `scopes ${[first, ...others.slice(0, -1)].join(", ")} and ${last}`;
  return new RetentionError(`no token: set ${setting}; ${use} needs the ${needed}${otherwise === undefined ? "" : `. ${otherwise}`}`);
}
