import { parseSchemeTag } from "../graph/tag-schemes";
import { patternMaximum } from "../rules/tag-pattern";
import { quoted, shapeOf, type TagShape, wordsOf } from "./tag-shape";

/** The purpose of a family's tags. */
export type Purpose = "release" | "moving" | "pull-request" | "commit" | "date" | "build" | "branch";

export interface Family {
  readonly purpose: Purpose;
  /** What the tags of its form have in common; empty where each build writes every part anew, as in `0123abc-42`. */
  readonly words: string;
  /** Patterns that match this tag and others of its form, and no tag whose family is unclear. */
  readonly patterns: readonly string[];
}

const moving = new Set(
  "latest stable edge nightly canary next beta alpha rc current lts prod production live staging stage preprod qa uat test testing dev develop development main master trunk head release demo".split(
    " ",
  ),
);
const pullRequest = /^((?:pr|pull|pull-request|pullrequest|mr|merge-request|preview)[-_.]?)\d+(?:[-_.].*)?$/i;
const bareCommit = /^(?=.*[a-f])(?=.*\d)[0-9a-f]{7,64}$/;
const commitWord = /^(?:sha|commit|git|rev)$/;
const branch = /^((?:feature|feat|fix|bugfix|hotfix|chore|renovate|dependabot|topic|issue|wip|experiment|tmp|temp)[-_.])./;
/** Builds of a release are releases. */
const releaseWord = /^(?:v|ver|version|rel|release|stable|lts|prod|production|latest)$/i;
const releasePrefix = /^(?:v|ver|version|rel|release|stable|lts|prod|production|latest)[-_.]/i;
/** Leaves room for the `!` of a rule that excludes the pattern. */
export const maxPatternLength = patternMaximum - 1;

/** Names the stream of a family: one busy stream must not push the newest image of another out of a count. */
export function streamName({ words, purpose }: Family): string {
  return words || `${purpose}s`;
}

/** The family of a tag; `undefined` where it is unclear, so that the image stays. Pure. */
export function familyOf(tag: string): Family | undefined {
  const family = parseSchemeTag(tag) === undefined ? findFamily(tag) : undefined;
  return family?.patterns.some((pattern) => pattern.length > maxPatternLength) ? undefined : family;
}

function findFamily(tag: string): Family | undefined {
  if (moving.has(tag.toLowerCase())) return { purpose: "moving", words: tag, patterns: [tag] };
  const pr = pullRequest.exec(tag)?.[1];
  if (pr !== undefined) return { purpose: "pull-request", words: pr, patterns: [`/^${quoted(pr)}[0-9]+([-_.].*)?$/`] };
  // A tag of digits alone or letters alone may be something else.
  if (bareCommit.test(tag)) {
    return { purpose: "commit", words: "", patterns: ["/^[0-9a-f]{7,64}$/", "!/^[0-9]+$/", "!/^[a-f]+$/"] };
  }
  return releaseFamily(tag) ?? branchFamily(tag) ?? buildFamily(tag);
}

function releaseFamily(tag: string): Family | undefined {
  const release = (pattern: string): Family => ({ purpose: "release", words: "releases", patterns: [pattern] });
  if (/^v\d/.test(tag)) return release("v[0-9]*");
  if (/^\d+\.\d+/.test(tag)) return release("/^[0-9]+\\.[0-9]+/");
  // `1` beside `1.4`: a number by itself may be a build, or a major version.
  if (/^\d{1,3}$/.test(tag)) return release("/^[0-9]{1,3}$/");
  const prefix = releasePrefix.exec(tag)?.[0];
  return prefix === undefined ? undefined : release(`${prefix}*`);
}

function branchFamily(tag: string): Family | undefined {
  const prefix = branch.exec(tag)?.[1];
  return prefix === undefined ? undefined : { purpose: "branch", words: prefix, patterns: [`${prefix}?*`] };
}

function buildFamily(tag: string): Family | undefined {
  const shape = shapeOf(tag);
  const purpose = shape && purposeOf(shape);
  return shape && purpose && { purpose, words: wordsOf(shape), patterns: [shape.pattern] };
}

function purposeOf({ words, numbers, marks, beginsWith }: TagShape): Purpose | undefined {
  if (marks.length === 0) return undefined;
  if (words.some((word) => releaseWord.test(word))) return "release";
  if (beginsWith === "day") return "date";
  if (words.length > 0)
    return words.every((word) => commitWord.test(word)) && marks.every((mark) => mark === "commit") ? "commit" : "build";
  // Without a word, one mark may be something else.
  const isCommit = numbers.length === 0 && marks.length > 1 && marks.includes("commit");
  return isCommit && (beginsWith === "commit" || beginsWith === "time") ? "commit" : undefined;
}
