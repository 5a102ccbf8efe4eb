import { Digest, Tag } from "../../model/digest";
import { patternProblem } from "../../rules/tag-pattern";

/** Tags and digests that a workflow selects. */
export interface OldPatterns {
  /** Names and patterns, as ours. */
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  /** What cannot be said with our patterns. */
  readonly problems: readonly string[];
}

export const noPatterns: OldPatterns = { tags: [], digests: [], problems: [] };
const maxPatternLength = 128;

/** A list of globs; digests may stand among them. */
export function globs(written: readonly string[]): OldPatterns {
  const all = written.map((text) => text.trim().replace(/^["']|["']$/g, "")).filter((text) => text !== "");
  const digests = all.filter((text) => Digest.safeParse(text).success);
  // `**` is what `*` is, and the shell writes `[!a]` for `[^a]`.
  const tags = all.filter((text) => !digests.includes(text)).map((text) => text.replace(/\*{2,}/g, "*").replace(/\[!/g, "[^"));
  return { tags, digests, problems: problemsOf(tags) };
}

/** A regular expression of JavaScript, which fits where it fits a part. */
export function expression(text: string): OldPatterns {
  const digest = text.replace(/^\^|\$$/g, "");
  if (Digest.safeParse(digest).success) return { tags: [], digests: [digest], problems: [] };
  const tags = [`/${text}/`];
  return { tags, digests: [], problems: problemsOf(tags) };
}

export function together(patterns: readonly OldPatterns[]): OldPatterns {
  return {
    tags: patterns.flatMap(({ tags }) => tags),
    digests: patterns.flatMap(({ digests }) => digests),
    problems: patterns.flatMap(({ problems }) => problems),
  };
}

/** A tag in full: it can be protected by its name. */
export function isExactTag(pattern: string): boolean {
  return Tag.safeParse(pattern).success;
}

function problemsOf(tags: readonly string[]): string[] {
  return tags.flatMap((pattern) => {
    if (pattern.length > maxPatternLength) return [`a pattern of more than ${maxPatternLength} characters`];
    const problem = pattern.startsWith("!") ? "a tag cannot begin with `!`" : patternProblem(pattern);
    return problem === undefined ? [] : [`\`${pattern}\`: ${problem}`];
  });
}
