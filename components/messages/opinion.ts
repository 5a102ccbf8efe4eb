import type { NoEffect } from "../rules/evaluate";

/** Writes why a matching rule has no effect. */
export function noEffectText(because: NoEffect): string {
  if (because.kind === "not-most-recent") return "not among the most recent that it keeps";
  return `no delete rule speaks for ${because.tags.join(", ")}`;
}
