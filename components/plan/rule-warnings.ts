import { evaluateAll, type Opinion } from "../rules/evaluate";
import { implies } from "../rules/implies";
import type { Rule } from "../rules/policy";
import { isEmptyRange } from "../rules/tag-version";
import type { Plan, PlanPolicy } from "./plan";
import { startOf } from "./plan-id";
import { lastChange, subjectsOf } from "./subjects";

/**
 * What a person should know of the rules: those that can never match, that contradict each other, and that never have a
 * say, by name.
 */
export function ruleWarnings(plan: Plan, policy: PlanPolicy): string[] {
  const { rules } = policy;
  const idle = new Map<string, string>();
  for (const [index, rule] of rules.entries()) {
    const reason = whyNever(rule, policy) ?? overruled(rule, rules) ?? repeated(rule, index, rules);
    if (reason !== undefined) idle.set(rule.name, `rule ${rule.name} ${reason}`);
  }
  const rest = rules.filter(({ name }) => !idle.has(name));
  return [...idle.values(), ...shadowed(plan, rules, rest)];
}

function whyNever(rule: Rule, { minimumAge }: PlanPolicy): string | undefined {
  const tooYoung = rule.action === "delete" && rule.newerThan !== undefined && rule.newerThan <= minimumAge;
  const why = tooYoung ? "nothing younger than `minimumAge` is touched" : contradiction(rule);
  return why && `can never ${rule.action} anything: ${why}`;
}

/** Conditions that nothing meets together. */
function contradiction(rule: Rule): string | undefined {
  const { olderThan, newerThan, tags, notTags = [], semver, untagged } = rule;
  if (olderThan !== undefined && newerThan !== undefined && newerThan <= olderThan) {
    return "nothing is older than `olderThan` and newer than `newerThan`";
  }
  const byVersion = rule.action === "keep" && typeof rule.mostRecent === "object" && rule.mostRecent.by === "semver";
  if (byVersion && untagged && tags === undefined && semver === undefined)
    return "an untagged image has no version to be the most recent by";
  if (untagged && !byVersion) return undefined;
  if (semver !== undefined && isEmptyRange(semver)) return "no version is in the range of `semver`";
  const without = (tags ?? []).filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  const unwanted = new Set([...without, ...notTags]);
  const wanted = (tags ?? []).filter((pattern) => !pattern.startsWith("!"));
  if (tags && (unwanted.has("*") || wanted.every((pattern) => unwanted.has(pattern)))) {
    return "what `tags` asks for, `!` or `notTags` takes away";
  }
  if ((semver !== undefined || byVersion) && notTags.includes("*")) return "`notTags` takes every tag away";
  return undefined;
}

/** A delete rule all of whose matches a keep rule keeps, in every package. */
function overruled(rule: Rule, rules: readonly Rule[]): string | undefined {
  if (rule.action !== "delete") return undefined;
  const keeper = rules.find((other) => other.action === "keep" && implies(rule, other));
  return keeper && `contradicts rule ${keeper.name}, which keeps all that it would delete`;
}

/** A rule that another one of the same action makes superfluous; of two that are alike, the later one. */
function repeated(rule: Rule, index: number, rules: readonly Rule[]): string | undefined {
  const other = rules.find((wider, at) => {
    return wider.action === rule.action && implies(rule, wider) && (at < index || !implies(wider, rule));
  });
  return other && `has no say: ${other.name} matches all that it matches`;
}

/** A delete rule all of whose matches other rules keep has no say here; it may have one in another package. */
function shadowed({ asOf, verdicts, deletions: { graph } }: Plan, rules: readonly Rule[], others: readonly Rule[]): string[] {
  const heard = new Set([...verdicts.values()].flatMap((verdict) => (verdict.action === "delete" ? verdict.rules : [])));
  const asked = others.filter(({ action, name }) => action === "delete" && !heard.has(name));
  if (asked.length === 0) return [];
  const moment = startOf(asOf);
  const visible = graph.nodes.flatMap((node, index) => (lastChange(node) <= moment ? [index] : []));
  const opinions = evaluateAll(subjectsOf(graph, visible), rules, moment).map((judged) => judged.opinions);
  return asked.flatMap(({ name }) => {
    const matched = opinions.filter((of) => of.some(({ rule }) => rule === name));
    const keepers = matched.map((of) => of.find(({ action, holds }) => action === "keep" && holds));
    if (matched.length === 0 || !keepers.every((keeper): keeper is Opinion => keeper !== undefined)) return [];
    const names = [...new Set(keepers.map(({ rule }) => rule))].sort().join(", ");
    return [`rule ${name} deletes nothing here: all ${matched.length} that it matches are kept by ${names}`];
  });
}
