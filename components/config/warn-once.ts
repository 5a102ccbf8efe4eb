import * as pulumi from "../sdk/pulumi";

const given = new Set<string>();

/** Warns under the stack, once in a process: every policy of a program reads the same config. */
export function warnOnce(text: string): void {
  if (given.has(text)) return;
  given.add(text);
  pulumi.log.warn(text);
}
