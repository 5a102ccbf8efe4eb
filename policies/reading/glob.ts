/** Whether a text matches one of the patterns. `*` matches anything, every other character itself. */
export function fitsOneOf(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => fits(text, pattern));
}

/** Whether a text matches the pattern, in time proportional to the product of both lengths. */
export function fits(text: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
