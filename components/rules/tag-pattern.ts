import { RE2JS } from "re2js";

/** Reports whether a tag matches. */
export type TagTest = (tag: string) => boolean;

/** The length of a pattern in characters, `!` included. */
export const patternMaximum = 128;

/** A glob of `*`, `?`, classes and the characters of tags: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const glob = /^(?:\*|\?|\[\^?[\w.-]+\]|[\w.-])+$/;
/** The form of a tag pattern for the JSON Schema: a glob, or any text between slashes, optionally after `!`. */
export const tagPatternForm = `^!?(?:/.+/|${glob.source.slice(1, -1)})$`;
const globPart = /\*|\?|\[\^?[\w.-]+\]|[\w.-]/g;

/**
 * Compiles a list of patterns to one test: at least one pattern without `!` matches and none with it does. A pattern is a
 * glob, or a regular expression between slashes, anchored only where it says so. All run on RE2 in linear time.
 */
export function tagTest(patterns: readonly string[]): TagTest {
  const wanted = patterns.filter((pattern) => !pattern.startsWith("!")).map(compile);
  const unwanted = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => compile(pattern.slice(1)));
  return (tag) => wanted.some((pattern) => pattern.test(tag)) && !unwanted.some((pattern) => pattern.test(tag));
}

/** Describes why a pattern is invalid and how to fix it; returns `undefined` for a valid pattern. */
export function patternProblem(pattern: string): string | undefined {
  const positive = pattern.startsWith("!") ? pattern.slice(1) : pattern;
  if (positive.includes("+") && glob.test(positive.replaceAll("+", "_"))) {
    return `expected "${pattern.replaceAll("+", "_")}": a tag has "_" where a version has "+"`;
  }
  if (!isExpression(positive) && !glob.test(positive)) {
    return 'expected a glob of letters, digits, ".", "-", "_", "*", "?" and classes such as "[a-z]" or "[^0-9]", a "/regular expression/", or either after "!"';
  }
  try {
    compile(positive);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "it cannot be read";
    return `expected a pattern that RE2 can run in linear time (no lookaround, no backreferences): ${reason}`;
  }
}

/** Reports whether a pattern is a regular expression between slashes. */
export function isExpression(pattern: string): boolean {
  return pattern.length > 2 && pattern.startsWith("/") && pattern.endsWith("/");
}

/** Caches compiled patterns: every plan of every package uses the same few. */
const compiled = new Map<string, RE2JS>();
const maxCompiled = 1_000;

function compile(pattern: string): RE2JS {
  const cached = compiled.get(pattern);
  if (cached) return cached;
  const fresh = RE2JS.compile(isExpression(pattern) ? pattern.slice(1, -1) : `^${pattern.replace(globPart, partOf)}$`);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(pattern, fresh);
  return fresh;
}

function partOf(part: string): string {
  if (part === "*") return ".*";
  if (part === "?") return ".";
  return part === "." ? "\\." : part;
}
