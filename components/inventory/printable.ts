const longest = 100;

/** Text from a registry, fit for a terminal and one line of a table: no control characters, no escapes, not endless. */
export function printable(text: string): string {
  const clean = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?");
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}
