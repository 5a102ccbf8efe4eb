import { globMatches } from "./glob-oracle";

/** Some pattern without `!` fits the tag, and none with it does. */
export function tagFits(patterns: readonly string[], tag: string): boolean {
  const unwanted = patterns.filter((pattern) => pattern[0] === "!").map((pattern) => pattern.slice(1));
  const wanted = patterns.filter((pattern) => pattern[0] !== "!");
  return wanted.some((pattern) => oneFits(pattern, tag)) && !unwanted.some((pattern) => oneFits(pattern, tag));
}

/** JavaScript's regular expressions are another engine than the core's; the tests use what both understand. */
function oneFits(pattern: string, tag: string): boolean {
  const expression = expressionIn(pattern);
  return expression === undefined ? globMatches(pattern, tag) : expression.test(tag);
}

function expressionIn(pattern: string): RegExp | undefined {
  return pattern.length > 2 && pattern.startsWith("/") && pattern.endsWith("/") ? new RegExp(pattern.slice(1, -1)) : undefined;
}

/** Any text: only `*` and `?` are special, by trying every way. */
export function textFits(pattern: string, text: string): boolean {
  return expressionIn(pattern)?.test(text) ?? wildcardFits([...pattern], [...text]);
}

function wildcardFits([first, ...pattern]: readonly string[], text: readonly string[]): boolean {
  if (first === undefined) return text.length === 0;
  if (first === "*") return wildcardFits(pattern, text) || (text.length > 0 && wildcardFits([first, ...pattern], text.slice(1)));
  return text.length > 0 && (first === "?" || first === text[0]) && wildcardFits(pattern, text.slice(1));
}
