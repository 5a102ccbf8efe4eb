import { ConfigError } from "../model/errors";

/**
 * Refuses Bun, which has not all that this package uses of Node.js, and would fail in the midst of an inventory: version 1.4.5 has no
 * `performance.eventLoopUtilization`, and a module of its own for `undici`, whose `Agent` has no `dispatch`.
 */
export function requireNode({ bun }: Readonly<NodeJS.Dict<string>> = process.versions): void {
  if (bun === undefined) return;
  throw new ConfigError(`ghcr-retention does not run on Bun (${bun}), only on Node.js: write \`runtime: nodejs\` in Pulumi.yaml`);
}
