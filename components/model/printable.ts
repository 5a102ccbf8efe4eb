/** GitHub's own refusals fit in; what is longer comes from somebody else. */
const maxLength = 200;

/** Text from a registry, fit for a terminal and one line of a table: no control characters, no escapes, not endless. */
export function printable(text: string): string {
  const clean = withoutControls(text.length > 2 * maxLength ? text.slice(0, 2 * maxLength) : text);
  return clean.length > maxLength ? `${withoutControls(clean.slice(0, maxLength - 1))}…` : clean;
}

/** One line without control characters, escapes, invisible and text-turning characters, and halves of characters. */
export function withoutControls(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "?");
}
