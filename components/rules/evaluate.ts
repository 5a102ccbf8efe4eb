import { type Match, matcher, type Subject } from "./matcher";
import { type Candidate, type KeptAlive, mostRecent } from "./most-recent";
import type { Rule } from "./rule";

export { ageOf, type Subject, visibleTo } from "./matcher";

/** What rules judge, as of a time in epoch milliseconds. Pass only subjects that exist as of then: all count for `mostRecent`. */
export interface Judged {
  /** Newest first. */
  readonly subjects: readonly Subject[];
  readonly keptAlive: KeptAlive;
  readonly asOf: number;
}

export type Verdict =
  | { readonly action: "keep"; readonly rule: string }
  | { readonly action: "delete"; readonly rules: readonly string[] }
  | { readonly action: "none" };

/** Why a rule that matches a subject has no effect on it. `messages/opinion.ts` makes it text. */
export type NoEffect =
  /** A keep rule whose `mostRecent` leaves the subject out. */
  | { readonly kind: "not-most-recent" }
  /** Delete rules that do not cover every tag of the subject. */
  | { readonly kind: "tags-not-covered"; readonly tags: readonly string[] };

/** What one rule says of one subject that it matches. */
export interface Opinion {
  readonly rule: string;
  readonly action: Rule["action"];
  /** Whether the match has an effect. */
  readonly holds: boolean;
  /** Present where it has none. */
  readonly because?: NoEffect;
}

interface Evaluation {
  readonly verdict: Verdict;
  readonly opinions: readonly Opinion[];
}

/** A delete rule that matches a subject. */
interface Deleting {
  readonly rule: string;
  readonly match: Match;
}

const nothing: never[] = [];
const none: Verdict = { action: "none" };
const noEvaluation: Evaluation = { verdict: none, opinions: [] };

/**
 * Returns the verdict on each subject, in the given order. Keep rules win over delete rules; a tagged subject is deleted
 * only if delete rules cover every one of its tags.
 */
export function evaluate(judged: Judged, rules: readonly Rule[]): Verdict[] {
  return evaluateAll(judged, rules).map(({ verdict }) => verdict);
}

/** Returns the names of the rules that hold of any of these. */
export function rulesHolding(judged: Judged, rules: readonly Rule[]): Set<string> {
  return new Set(evaluateAll(judged, rules).flatMap(({ opinions }) => opinions.flatMap(({ rule, holds }) => (holds ? [rule] : []))));
}

/** Like {@link evaluate}, and returns the outcome of each matching rule as well. */
export function evaluateAll({ subjects, keptAlive, asOf }: Judged, rules: readonly Rule[]): Evaluation[] {
  // Sparse: no rule matches most subjects, which are parts of images.
  const opinions = new Map<number, Opinion[]>();
  const deleting = new Map<number, Deleting[]>();
  for (const rule of rules) {
    const matches = matcher(rule, asOf);
    const matched: Candidate[] = [];
    subjects.forEach((subject, index) => {
      const match = matches(subject);
      if (match.any) matched.push({ index, subject, match });
    });
    if (rule.action === "delete") {
      for (const { index, match } of matched) append(deleting, index, { rule: rule.name, match });
      continue;
    }
    const kept = rule.mostRecent === undefined ? undefined : mostRecent(matched, rule, keptAlive);
    for (const { index } of matched) {
      const holds = kept === undefined || kept.has(index);
      append(opinions, index, {
        rule: rule.name,
        action: "keep",
        holds,
        ...(holds ? {} : { because: { kind: "not-most-recent" } }),
      });
    }
  }
  return subjects.map((subject, index) => evaluateSubject(subject, opinions.get(index) ?? nothing, deleting.get(index) ?? nothing));
}

function append<Item>(lists: Map<number, Item[]>, index: number, item: Item): void {
  const list = lists.get(index);
  if (list) list.push(item);
  else lists.set(index, [item]);
}

function evaluateSubject(subject: Subject, keeping: readonly Opinion[], deleting: readonly Deleting[]): Evaluation {
  if (keeping.length === 0 && deleting.length === 0) return noEvaluation;
  const uncovered = subject.userTags.filter((tag) => !deleting.some(({ match }) => match.covers(tag)));
  const holds = uncovered.length === 0;
  const opinions = [
    ...keeping,
    ...deleting.map(({ rule }) => ({
      rule,
      action: "delete" as const,
      holds,
      ...(holds ? {} : { because: { kind: "tags-not-covered" as const, tags: uncovered } }),
    })),
  ];
  const keeper = keeping.find((opinion) => opinion.holds);
  if (keeper) return { verdict: { action: "keep", rule: keeper.rule }, opinions };
  if (deleting.length === 0 || !holds) return { verdict: none, opinions };
  return { verdict: { action: "delete", rules: deleting.map(({ rule }) => rule) }, opinions };
}
