/** Longer than any of GitHub's own error messages. */
const maxLength = 200;

/** Makes text from a server safe for a terminal, a log and one line of a table: no control characters, escapes or tokens, bounded length. */
export function printable(text: string): string {
  const clean = withoutTokens(withoutControls(text.length > 2 * maxLength ? text.slice(0, 2 * maxLength) : text));
  return clean.length > maxLength ? `${withoutControls(clean.slice(0, maxLength - 1))}…` : clean;
}

/** Replaces line breaks, control, escape, invisible and bidirectional characters, and lone surrogates, by `?`. */
export function withoutControls(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "?");
}

/** GitHub's tokens, and these as they are sent to the registry, in base64. A proxy may repeat them: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/ */
const token = /\b(?:gh[oprsu]_|github_pat_|Z2h[vwyz1]X|Z2l0aHViX3BhdF)[\w.+/=-]*/g;

function withoutTokens(text: string): string {
  return text.replace(token, "(a token)");
}
