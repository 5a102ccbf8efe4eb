import { sectionOf } from "./diagnostics";

/** Returns the violations of the policy packs, aligned to the left and without repeated lines. */
export function refusalsOf(output: string): string[] {
  const lines = sectionOf(output, "Policies");
  const margin = Math.min(...lines.filter(Boolean).map((line) => line.length - line.trimStart().length));
  return [...new Set(lines.filter(Boolean))].map((line) => line.slice(margin).replace(/(?<=\S) {2,}/g, " "));
}
