import { RE2JS } from "re2js";

/** Compiles a pattern over arbitrary text: a glob in which only `*` and `?` are special, or a `/regular expression/`. */
export function textTest(pattern: string): (text: string) => boolean {
  const expression = /^\/(.+)\/$/.exec(pattern)?.[1];
  const source =
    expression ??
    `^${pattern
      .split(/([*?])/)
      .map(partOf)
      .join("")}$`;
  // The value of an annotation may have several lines.
  const compiled = RE2JS.compile(source, expression === undefined ? RE2JS.DOTALL : 0);
  return (text) => compiled.test(text);
}

export function isTextPattern(pattern: string): boolean {
  try {
    textTest(pattern);
    return true;
  } catch {
    return false;
  }
}

function partOf(part: string): string {
  if (part === "*") return ".*";
  return part === "?" ? "." : RE2JS.quote(part);
}
