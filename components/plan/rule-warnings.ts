import type { Graph } from "../graph/graph";
import { judgeAll, type Opinion } from "../rules/evaluate";
import type { Rule } from "../rules/policy";
import type { PlanPolicy } from "./plan";
import { type Day, startOf } from "./plan-id";
import { lastChange, subjectsOf } from "./subjects";

/**
 * What a person should know of the rules: those that can never match, and those that match and never have a say in this
 * package, by name.
 */
export function ruleWarnings(graph: Graph, policy: PlanPolicy, asOf: Day): string[] {
  const impossible = policy.rules.flatMap((rule) => {
    const reason = whyNever(rule, policy);
    return reason === undefined ? [] : [`rule ${rule.name} can never ${rule.action === "delete" ? "delete anything" : "match"}: ${reason}`];
  });
  return [...impossible, ...shadowed(graph, policy, asOf)];
}

function whyNever(rule: Rule, { minimumAge }: PlanPolicy): string | undefined {
  const { olderThan, newerThan, tags, notTags, dangling, broken, platforms, semver, untagged } = rule;
  if (olderThan !== undefined && newerThan !== undefined && newerThan <= olderThan)
    return "nothing is older than `olderThan` and newer than `newerThan`";
  if (rule.action === "delete" && newerThan !== undefined && newerThan <= minimumAge) return "nothing younger than `minimumAge` is touched";
  if (dangling && broken) return "what is dangling is a referrer, what is broken an index";
  if (dangling && platforms) return "a referrer lists no platforms";
  const wanted = tags?.filter((pattern) => !pattern.startsWith("!")) ?? [];
  const unwanted = new Set([
    ...(tags ?? []).filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1)),
    ...(notTags ?? []),
  ]);
  if (tags && !untagged && wanted.every((pattern) => unwanted.has(pattern) || unwanted.has("*")))
    return "what `tags` asks for, `!` or `notTags` takes away";
  if (semver !== undefined && !untagged && notTags?.includes("*")) return "`notTags` takes every tag away";
  return undefined;
}

/** A delete rule all of whose matches other rules keep has no say here; it may have one in another package. */
function shadowed(graph: Graph, { rules }: PlanPolicy, asOf: Day): string[] {
  const moment = startOf(asOf);
  const visible = graph.nodes.flatMap((node, place) => (lastChange(node) <= moment ? [place] : []));
  const opinions = judgeAll(subjectsOf(graph, visible), rules, moment).map((judged) => judged.opinions);
  return rules
    .filter(({ action }) => action === "delete")
    .flatMap(({ name }) => {
      const matched = opinions.filter((of) => of.some(({ rule }) => rule === name));
      const keepers = matched.map((of) => of.find(({ action, holds }) => action === "keep" && holds));
      if (matched.length === 0 || !keepers.every((keeper): keeper is Opinion => keeper !== undefined)) return [];
      const names = [...new Set(keepers.map(({ rule }) => rule))].sort().join(", ");
      return [`rule ${name} deletes nothing here: all ${matched.length} that it matches are kept by ${names}`];
    });
}
