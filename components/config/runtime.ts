import { ConfigError } from "../model/errors";

/** Refuses Bun, which has not all that this package uses of Node.js, and would fail in the midst of an inventory. */
export function requireNode({ bun }: Readonly<NodeJS.Dict<string>> = process.versions): void {
  if (bun === undefined) return;
  throw new ConfigError(`ghcr-retention does not run on Bun (${bun}), only on Node.js: write \`runtime: nodejs\` in Pulumi.yaml`);
}
