/** Longer than any of GitHub's own error messages. */
const maxLength = 200;

/** Makes text from a server safe for a terminal and one line of a table: no control characters or escapes, bounded length. */
export function printable(text: string): string {
  const clean = withoutControls(text.length > 2 * maxLength ? text.slice(0, 2 * maxLength) : text);
  return clean.length > maxLength ? `${withoutControls(clean.slice(0, maxLength - 1))}…` : clean;
}

/** Replaces line breaks, control, escape, invisible and bidirectional characters, and lone surrogates, by `?`. */
export function withoutControls(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "?");
}
