import type { Opinion } from "../rules/evaluate";
import { implies } from "../rules/implies";
import { matchesNoTag } from "../rules/impossible-pattern";
import type { Rule } from "../rules/policy";
import { isEmptyRange } from "../rules/tag-version";
import { allOpinions } from "./judge";
import type { Plan, PlanPolicy } from "./plan";

/** Why no version can ever meet the conditions of a rule. */
export type NeverMatches =
  /** A delete rule asks for versions younger than `minimumAge`. */
  | "too-young"
  /** `newerThan` is not above `olderThan`. */
  | "ages"
  /** The most recent untagged images by version. */
  | "untagged-by-version"
  | "semver"
  /** Each pattern asks for what no tag can hold. */
  | "impossible-tags"
  /** `!` patterns or `notTags` exclude all that `tags` asks for. */
  | "excluded-tags"
  | "excluded-all-tags";

/** A rule that can never have an effect, in no package, by name. `messages/rule-warning.ts` makes it text. */
export type RuleWarning =
  | { readonly kind: "never-matches"; readonly rule: string; readonly action: Rule["action"]; readonly why: NeverMatches }
  /** A keep rule keeps all that the delete rule would delete, in every package. */
  | { readonly kind: "overruled"; readonly rule: string; readonly by: string }
  /** Another rule with the same action matches all that this one matches. */
  | { readonly kind: "redundant"; readonly rule: string; readonly by: string };

/** A delete rule with nothing to do today: keep rules keep all that it matches in this package. */
export interface IdleRule {
  readonly rule: string;
  readonly matched: number;
  readonly by: readonly string[];
}

/** Returns the rules that can never match, contradict each other, or never have an effect. */
export function ruleWarnings(policy: PlanPolicy): RuleWarning[] {
  const { rules } = policy;
  return rules.flatMap((rule, index) => neverMatches(rule, policy) ?? overruled(rule, rules) ?? redundant(rule, index, rules) ?? []);
}

function neverMatches(rule: Rule, { minimumAge }: PlanPolicy): RuleWarning | undefined {
  const tooYoung = rule.action === "delete" && rule.newerThan !== undefined && rule.newerThan <= minimumAge;
  const why = tooYoung ? "too-young" : contradiction(rule);
  return why && { kind: "never-matches", rule: rule.name, action: rule.action, why };
}

/** Returns which conditions exclude each other. */
function contradiction(rule: Rule): NeverMatches | undefined {
  const { olderThan, newerThan, tags, notTags = [], semver, untagged } = rule;
  if (olderThan !== undefined && newerThan !== undefined && newerThan <= olderThan) {
    return "ages";
  }
  const byVersion = rule.action === "keep" && typeof rule.mostRecent === "object" && rule.mostRecent.by === "semver";
  if (byVersion && untagged && tags === undefined && semver === undefined) return "untagged-by-version";
  if (untagged && !byVersion) return undefined;
  if (semver !== undefined && isEmptyRange(semver)) return "semver";
  const without = (tags ?? []).filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  const unwanted = new Set([...without, ...notTags]);
  const wanted = (tags ?? []).filter((pattern) => !pattern.startsWith("!"));
  if (wanted.length > 0 && wanted.every(matchesNoTag)) return "impossible-tags";
  if (tags && (unwanted.has("*") || wanted.every((pattern) => unwanted.has(pattern)))) {
    return "excluded-tags";
  }
  if ((semver !== undefined || byVersion) && notTags.includes("*")) return "excluded-all-tags";
  return undefined;
}

function overruled(rule: Rule, rules: readonly Rule[]): RuleWarning | undefined {
  if (rule.action !== "delete") return undefined;
  const keeper = rules.find((other) => other.action === "keep" && implies(rule, other));
  return keeper && { kind: "overruled", rule: rule.name, by: keeper.name };
}

/** Of two rules that match the same, the later one is redundant. */
function redundant(rule: Rule, index: number, rules: readonly Rule[]): RuleWarning | undefined {
  const other = rules.find((wider, at) => {
    return wider.action === rule.action && implies(rule, wider) && (at < index || !implies(wider, rule));
  });
  return other && { kind: "redundant", rule: rule.name, by: other.name };
}

/** Returns the delete rules whose matches keep rules keep today. Rules that {@link ruleWarnings} returns are left out. */
export function idleRules({ seen, verdicts }: Plan, policy: PlanPolicy): IdleRule[] {
  const { rules } = policy;
  const warned = new Set(ruleWarnings(policy).map(({ rule }) => rule));
  const heard = new Set([...verdicts.values()].flatMap((verdict) => (verdict.action === "delete" ? verdict.rules : [])));
  const asked = rules.filter(({ action, name }) => action === "delete" && !heard.has(name) && !warned.has(name));
  if (asked.length === 0) return [];
  const opinions = [...allOpinions(seen, rules).values()];
  return asked.flatMap(({ name }) => {
    const matched = opinions.filter((of) => of.some(({ rule }) => rule === name));
    const keepers = matched.map((of) => of.find(({ action, holds }) => action === "keep" && holds));
    if (matched.length === 0 || !keepers.every((keeper): keeper is Opinion => keeper !== undefined)) return [];
    const by = [...new Set(keepers.map(({ rule }) => rule))].sort();
    return [{ rule: name, matched: matched.length, by }];
  });
}
