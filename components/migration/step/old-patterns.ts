import { Digest, Tag } from "../../model/digest";
import { patternMaximum, patternProblem } from "../../rules/tag-pattern";

/** The tags and digests that a workflow selects. */
export interface OldPatterns {
  /** Names and patterns, in the syntax of our rules. */
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  /** Patterns that our rules cannot express, each with the reason. */
  readonly problems: readonly string[];
}

export const noPatterns: OldPatterns = { tags: [], digests: [], problems: [] };

/** Reads a list of globs, which may contain digests. */
export function globs(written: readonly string[]): OldPatterns {
  const all = written.map((text) => text.trim().replace(/^["']|["']$/g, "")).filter((text) => text !== "");
  const digests = all.filter((text) => Digest.safeParse(text).success);
  // `**` means the same as `*`, and the shell's `[!a]` is `[^a]`.
  const tags = all.filter((text) => !digests.includes(text)).map((text) => text.replace(/\*{2,}/g, "*").replace(/\[!/g, "[^"));
  return { tags, digests, problems: problemsOf(tags) };
}

/** Reads a regular expression of JavaScript, which matches any part of a tag. */
export function expression(text: string): OldPatterns {
  const digest = text.replace(/^\^|\$$/g, "");
  if (Digest.safeParse(digest).success) return { tags: [], digests: [digest], problems: [] };
  const tags = [`/${text}/`];
  return { tags, digests: [], problems: problemsOf(tags) };
}

export function joinPatterns(patterns: readonly OldPatterns[]): OldPatterns {
  return {
    tags: patterns.flatMap(({ tags }) => tags),
    digests: patterns.flatMap(({ digests }) => digests),
    problems: patterns.flatMap(({ problems }) => problems),
  };
}

/** Whether the pattern is a complete tag, which can be protected by name. */
export function isExactTag(pattern: string): boolean {
  return Tag.safeParse(pattern).success;
}

/** Reads a text with commas as a list of regular expressions, for an action that takes it as one. */
export function expressionsBetweenCommas(text: string): OldPatterns {
  return joinPatterns(
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map(expression),
  );
}

function problemsOf(tags: readonly string[]): string[] {
  return tags.flatMap((pattern) => {
    if (pattern.length > patternMaximum) return [`a pattern of more than ${patternMaximum} characters`];
    const problem = pattern.startsWith("!") ? "a tag cannot begin with `!`" : patternProblem(pattern);
    return problem === undefined ? [] : [`\`${pattern}\`: ${problem}`];
  });
}
