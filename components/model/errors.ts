import type { PackageName } from "./inventory";

/** What cannot be read or understood stops its package's plan (S3). The message says what to do next and never holds a token. */
export class RetentionError extends Error {
  override readonly name = "LookError";
}

export function packageLabel(name: PackageName): string {
  return `${name.owner}/${name.name}`;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
