import { sectionOf } from "./diagnostics";

/** What policy packs say of several resources, flush left; what they say again of the next one is left out. */
export function refusalsOf(output: string): string[] {
  const lines = sectionOf(output, "Policies");
  const margin = Math.min(...lines.filter(Boolean).map((line) => line.length - line.trimStart().length));
  return [...new Set(lines.filter(Boolean))].map((line) => line.slice(margin).replace(/(?<=\S) {2,}/g, " "));
}
