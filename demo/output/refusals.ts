import { sectionOf } from "./diagnostics";

/** The lines in which policy packs refuse something. */
export function refusalsOf(output: string): string[] {
  return sectionOf(output, "Policies");
}
