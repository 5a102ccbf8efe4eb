import { parseSchemeTag } from "../graph/tag-schemes";

/** The purpose of a family's tags. */
export type Purpose = "release" | "moving" | "pull-request" | "commit" | "date" | "build" | "branch";

export interface Family {
  readonly purpose: Purpose;
  /** Patterns that match this tag and others of its form, and no tag whose family is unclear. */
  readonly patterns: readonly string[];
}

const moving = new Set(
  "latest stable edge nightly canary next beta alpha rc current lts prod production live staging stage preprod qa uat test testing dev develop development main master trunk head release demo".split(
    " ",
  ),
);
const pullRequest = /^((?:pr|pull|pull-request|pullrequest|mr|merge-request|preview)[-_.]?)\d+(?:[-_.].*)?$/i;
const prefixedCommit = /^((?:sha|commit|git|rev)-)[0-9a-f]{7,64}$/;
const bareCommit = /^(?=.*[a-f])(?=.*\d)[0-9a-f]{7,64}$/;
const date = /^20\d{2}(-?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?:[-_T.].*)?$/;
const month = "(0[1-9]|1[0-2])";
const dayOfMonth = "(0[1-9]|[12][0-9]|3[01])";
/** Words before a number that mark one of many builds. `ubuntu-22` is not one. */
const buildWords =
  /^(?:main|master|trunk|dev|develop|development|edge|nightly|canary|snapshot|staging|stage|build|ci|run|job|image|test|qa)[-_.]$/i;
const numbered = /^([A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z][A-Za-z0-9]*)*[-_.])\d+$/;
const ofCommitOrDay = /^([A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z][A-Za-z0-9]*)*[-_.])(?:[0-9a-f]{7,64}|20\d{2}-\d{2}-\d{2})$/;
const branch = /^((?:feature|feat|fix|bugfix|hotfix|chore|renovate|dependabot|topic|issue|wip|experiment|tmp|temp)[-_.])./;
/** Builds of a release are releases. */
const releaseWord = /^(?:v|ver|version|rel|release|stable|lts|prod|production|latest)[-_.]/i;
const maxPatternLength = 128;

/** The family of a tag; `undefined` where it is unclear, so that the image stays. Pure. */
export function familyOf(tag: string): Family | undefined {
  const family = parseSchemeTag(tag) === undefined ? findFamily(tag) : undefined;
  return family?.patterns.some((pattern) => pattern.length > maxPatternLength) ? undefined : family;
}

function findFamily(tag: string): Family | undefined {
  if (moving.has(tag.toLowerCase())) return { purpose: "moving", patterns: [tag] };
  const pr = pullRequest.exec(tag)?.[1];
  if (pr !== undefined) return { purpose: "pull-request", patterns: [`/^${quoted(pr)}[0-9]+([-_.].*)?$/`] };
  const dash = date.exec(tag)?.[1];
  if (dash !== undefined) return { purpose: "date", patterns: [`/^20[0-9]{2}${dash}${month}${dash}${dayOfMonth}([-_T.].*)?$/`] };
  const commit = prefixedCommit.exec(tag)?.[1];
  if (commit !== undefined) return { purpose: "commit", patterns: [`/^${quoted(commit)}[0-9a-f]{7,64}$/`] };
  // A tag of digits alone or letters alone may be something else.
  if (bareCommit.test(tag)) return { purpose: "commit", patterns: ["/^[0-9a-f]{7,64}$/", "!/^[0-9]+$/", "!/^[a-f]+$/"] };
  return releaseFamily(tag) ?? branchFamily(tag);
}

function branchFamily(tag: string): Family | undefined {
  const word = releaseWord.exec(tag)?.[0];
  if (word !== undefined) return { purpose: "release", patterns: [`${word}*`] };
  const ofBranch = branch.exec(tag)?.[1];
  if (ofBranch !== undefined) return { purpose: "branch", patterns: [`${ofBranch}?*`] };
  const before = numbered.exec(tag)?.[1];
  if (before !== undefined && buildWords.test(before)) return { purpose: "build", patterns: [`/^${quoted(before)}[0-9]+$/`] };
  const ofBuild = ofCommitOrDay.exec(tag)?.[1];
  if (ofBuild === undefined) return undefined;
  return { purpose: "build", patterns: [`/^${quoted(ofBuild)}([0-9a-f]{7,64}|20[0-9]{2}-[0-9]{2}-[0-9]{2})$/`] };
}

function releaseFamily(tag: string): Family | undefined {
  if (/^v\d/.test(tag)) return { purpose: "release", patterns: ["v[0-9]*"] };
  if (/^\d+\.\d+/.test(tag)) return { purpose: "release", patterns: ["/^[0-9]+\\.[0-9]+/"] };
  // `1` beside `1.4`: a number by itself may be a build, or a major version.
  return /^\d{1,3}$/.test(tag) ? { purpose: "release", patterns: ["/^[0-9]{1,3}$/"] } : undefined;
}

function quoted(text: string): string {
  return text.replaceAll(".", "\\.");
}
