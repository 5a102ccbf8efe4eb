import type { Rule } from "./rule";
import { type TagTest, tagTest } from "./tag-pattern";
import { versionTest } from "./tag-version";
import { textTest } from "./text-pattern";

/** The properties of an image (with `scope: versions`, of any version) that rules can test. Times are epoch milliseconds. */
export interface Subject {
  readonly id: number;
  readonly digest: string;
  readonly userTags: readonly string[];
  /** The tags of a version whose only tags a tool derived from its own digest. Tag patterns match them, and they count as tags. */
  readonly derivedTags: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When an image without a tag was last seen with one. */
  readonly lastTagged?: { readonly at: number } | undefined;
  readonly role: "root" | "child" | "referrer";
  /** A referrer whose subject is not in the package. */
  readonly dangling: boolean;
  /** The packages of the same owner that were listed and do not hold its subject. */
  readonly lostIn: readonly string[];
  /** An index that lists manifests missing from the package. */
  readonly broken: boolean;
  /** An index of which every listed manifest is missing. */
  readonly ghost: boolean;
  readonly platforms: readonly string[];
  readonly artifactType?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

export interface Match {
  /** Whether the rule matches the subject. */
  readonly any: boolean;
  /** Whether the rule covers this tag of the subject. */
  readonly covers: TagTest;
}

export type Matcher = (subject: Subject) => Match;

export const noMatch: Match = { any: false, covers: () => false };

type Condition = (subject: Subject) => boolean;

/** The time from which an age is counted. */
export type AgeBasis = "created" | "updated" | "unneeded";

/**
 * Returns the age in milliseconds at `asOf`. By default the age of a tagged image counts from creation, and that of an
 * untagged one from the later of creation and last change. Losing its tag starts the clock in any case: the age of an untagged
 * image never counts from before it was last seen with a tag.
 */
export function ageOf(
  { userTags, createdAt, updatedAt, lastTagged }: Pick<Subject, "userTags" | "createdAt" | "updatedAt" | "lastTagged">,
  asOf: number,
  basis: AgeBasis = userTags.length > 0 ? "created" : "unneeded",
): number {
  const from = { created: createdAt, updated: updatedAt, unneeded: Math.max(createdAt, updatedAt) }[basis];
  return asOf - (userTags.length > 0 ? from : Math.max(from, lastTagged?.at ?? 0));
}

/** Compiles a rule's conditions as of a time. `mostRecent` is not one of them, because it needs all subjects. */
export function matcher(rule: Rule, asOf: number): Matcher {
  const covers = tagCondition(rule);
  const everything = covers === undefined && rule.untagged === undefined;
  const conditions = conditionsOf(rule, asOf);
  const match: Match = { any: true, covers: covers ?? (() => everything) };
  return (subject) => {
    if (!conditions.every((holds) => holds(subject))) return noMatch;
    if (everything) return match;
    const tags = tagsOf(subject);
    const selected = tags.length > 0 ? tags.some(match.covers) : rule.untagged === true;
    return selected ? match : noMatch;
  };
}

/** Returns `undefined` if the rule has no condition on tags. */
function tagCondition({ tags, semver }: Rule): TagTest | undefined {
  const tests = [...(tags ? [tagTest(tags)] : []), ...(semver === undefined ? [] : [versionTest(semver)])];
  return tests.length === 0 ? undefined : (tag) => tests.every((test) => test(tag));
}

function conditionsOf(rule: Rule, asOf: number): Condition[] {
  const { olderThan, newerThan, age, notTags, platforms, artifactType, annotations, digests, dangling, subjectsIn, broken } = rule;
  const conditions: Condition[] = [(subject) => isInScope(rule, subject)];
  if (olderThan !== undefined) conditions.push((subject) => ageOf(subject, asOf, age) >= olderThan);
  if (newerThan !== undefined) conditions.push((subject) => ageOf(subject, asOf, age) < newerThan);
  if (notTags) conditions.push(without(tagTest(notTags)));
  if (platforms) conditions.push(some(platforms, (subject) => subject.platforms));
  if (artifactType) conditions.push(some(artifactType, (subject) => (subject.artifactType === undefined ? [] : [subject.artifactType])));
  for (const [key, pattern] of Object.entries(annotations ?? {})) {
    conditions.push(some([pattern], ({ annotations }) => (annotations && Object.hasOwn(annotations, key) ? [annotations[key] ?? ""] : [])));
  }
  if (digests) conditions.push((subject) => digests.includes(subject.digest));
  if (dangling) conditions.push((subject) => subject.dangling);
  if (subjectsIn) conditions.push((subject) => subjectsIn.every((name) => subject.lostIn.includes(name)));
  if (broken) conditions.push((subject) => subject.broken && (broken === true || subject.ghost === (broken === "ghost")));
  return conditions;
}

function without(test: TagTest): Condition {
  return (subject) => !tagsOf(subject).some(test);
}

/** Returns the tags that the patterns of rules see. */
function tagsOf({ userTags, derivedTags }: Subject): readonly string[] {
  return userTags.length > 0 ? userTags : derivedTags;
}

function some(patterns: readonly string[], texts: (subject: Subject) => readonly string[]): Condition {
  const tests = patterns.map(textTest);
  return (subject) => texts(subject).some((text) => tests.some((test) => test(text)));
}

/** Reports whether a rule applies to versions that are not images. A keep rule with `digests` does: it keeps any version it names. */
export function seesParts({ action, scope, dangling, digests }: Rule): boolean {
  return scope === "versions" || dangling === true || (action === "keep" && digests !== undefined);
}

/** Returns a test for the subjects that at least one of the rules can match. Most versions are parts of images, which few rules match. */
export function visibleTo(rules: readonly Rule[]): (subject: Pick<Subject, "role" | "userTags">) => boolean {
  return rules.some(seesParts) ? () => true : mayBeImage;
}

function mayBeImage({ role, userTags }: Pick<Subject, "role" | "userTags">): boolean {
  return role === "root" || (role === "referrer" && userTags.length > 0);
}

/**
 * Images are roots. A referrer that people tagged is matched by its tags as well, although it is not an image. A referrer
 * without its subject is deleted only by a rule with `dangling`: the subject may be in another package.
 */
function isInScope(rule: Rule, subject: Subject): boolean {
  if (subject.dangling && rule.action === "delete") return rule.dangling === true;
  return seesParts(rule) || mayBeImage(subject);
}
