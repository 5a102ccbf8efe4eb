import type { PackageName } from "./inventory";

/**
 * A failure to read or parse a package or its policy, which stops the plan of that package (S3). The message names the
 * next step and never contains a token.
 */
export class RetentionError extends Error {
  override readonly name = "RetentionError";
}

export function packageLabel(name: PackageName): string {
  return `${name.owner}/${name.name}`;
}

/** An invalid stack config. The message names each path and its fix. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
