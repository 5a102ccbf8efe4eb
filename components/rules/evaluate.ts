import type { Rule } from "./policy";
import { anyTagGlob } from "./tag-glob";

/** What rules see of an image (or, with `scope: versions`, of any version). Times are epoch milliseconds. */
export interface Subject {
  readonly id: number;
  readonly userTags: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly role: "root" | "child" | "referrer";
}

export type Verdict =
  | { readonly action: "keep"; readonly rule: string }
  | { readonly action: "delete"; readonly rules: readonly string[] }
  | { readonly action: "none" };

const none: Verdict = { action: "none" };

/**
 * Age in milliseconds at `asOf`: a tagged image by creation, an untagged one by the later of creation and last change,
 * so that losing its tag starts the clock where GitHub records that.
 */
export function ageOf(subject: Pick<Subject, "userTags" | "createdAt" | "updatedAt">, asOf: number): number {
  const since = subject.userTags.length > 0 ? subject.createdAt : Math.max(subject.createdAt, subject.updatedAt);
  return asOf - since;
}

/**
 * The verdict of the rules on each subject, in the order given. Keep beats delete; a tagged subject goes only when
 * every one of its tags may go. Subjects must be those that exist as of `asOf`: each takes its `mostRecent` place.
 */
export function evaluate(subjects: readonly Subject[], rules: readonly Rule[], asOf: number): Verdict[] {
  const keepers: (string | undefined)[] = subjects.map(() => undefined);
  const deleters: { rule: Rule; matches: Matcher }[] = [];
  for (const rule of rules) {
    const matches = matcher(rule, asOf);
    if (rule.action === "delete") {
      deleters.push({ rule, matches });
      continue;
    }
    const matched = subjects.map((_, place) => place).filter((place) => matches(subjects[place] as Subject).any);
    for (const place of rule.mostRecent === undefined ? matched : newest(matched, subjects, rule)) {
      keepers[place] ??= rule.name;
    }
  }
  return subjects.map((subject, place) => {
    const keeper = keepers[place];
    if (keeper !== undefined) return { action: "keep", rule: keeper };
    return deleteVerdict(
      subject,
      deleters.map(({ rule, matches }) => ({ rule, match: matches(subject) })),
    );
  });
}

interface Match {
  /** Does the rule match the subject at all? */
  readonly any: boolean;
  /** Does it speak for this tag? */
  readonly covers: (tag: string) => boolean;
}

type Matcher = (subject: Subject) => Match;

const noMatch: Match = { any: false, covers: () => false };

function matcher(rule: Rule, asOf: number): Matcher {
  const byTag = rule.tags === undefined ? undefined : anyTagGlob(rule.tags);
  const everything = byTag === undefined && rule.untagged === undefined;
  const covers = byTag ?? (() => everything);
  return (subject) => {
    if (!isInScope(rule, subject)) return noMatch;
    if (rule.olderThan !== undefined && ageOf(subject, asOf) < rule.olderThan) return noMatch;
    const tagged = subject.userTags.length > 0;
    const any = everything || (tagged ? subject.userTags.some(covers) : rule.untagged === true);
    return { any, covers };
  };
}

function deleteVerdict(subject: Subject, matches: readonly { rule: Rule; match: Match }[]): Verdict {
  const matching = matches.filter(({ match }) => match.any);
  if (matching.length === 0) return none;
  if (!subject.userTags.every((tag) => matching.some(({ match }) => match.covers(tag)))) return none;
  return { action: "delete", rules: matching.map(({ rule }) => rule.name) };
}

/** Images are roots. A referrer that people tagged is judged by its tags, too, though it is no image. */
function isInScope(rule: Rule, subject: Subject): boolean {
  if (rule.scope === "versions" || subject.role === "root") return true;
  return subject.role === "referrer" && subject.userTags.length > 0;
}

/** The newest by creation; two of the same moment are told apart by the id, which GitHub counts upwards. Referrers take no place. */
function newest(places: readonly number[], subjects: readonly Subject[], rule: Rule): number[] {
  const at = (place: number) => subjects[place] as Subject;
  const counted = places.filter((place) => rule.scope === "versions" || at(place).role === "root");
  return counted.sort((a, b) => at(b).createdAt - at(a).createdAt || at(b).id - at(a).id).slice(0, rule.mostRecent);
}
