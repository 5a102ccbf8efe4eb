import type { PackageName } from "./inventory";

/**
 * A failure to read or parse a package or its policy, which stops the plan of that package (S3). The message names the
 * next step and never contains a token.
 */
export class RetentionError extends Error {
  override readonly name = "RetentionError";
}

/** A server refuses the token: it is no valid one, lacks a scope or a role, or does not see what was asked for. */
export class RefusedError extends RetentionError {}

export function packageLabel(name: PackageName): string {
  return `${name.owner}/${name.name}`;
}

/** An invalid stack config. The message names each path and its fix. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
