import { indicesWhere, type Node } from "../graph/graph";
import { rulesHolding, visibleTo } from "../rules/evaluate";
import { nearPattern } from "../rules/near-pattern";
import type { Rule } from "../rules/policy";
import { isExpression, tagTest } from "../rules/tag-pattern";
import { holding } from "./judge";
import type { Plan, PlanPolicy } from "./plan";
import { ruleWarnings } from "./rule-warnings";
import { judged } from "./subjects";

/** A keep rule that names something, of which the package holds nothing. */
export interface UnmatchedKeep {
  readonly rule: string;
  /** A pattern of it, and the one that is most likely meant. */
  readonly meant?: Misspelling;
}

export interface Misspelling {
  readonly pattern: string;
  readonly near: string;
}

/** A pattern of a keep rule that matches no tag, while delete rules take tags that resemble it. */
export interface Exposed extends Misspelling {
  readonly rule: string;
  /** The delete rules that take them. */
  readonly by: readonly string[];
  /** The images that `near` matches and that go, as nodes. */
  readonly images: readonly number[];
  /** Their tags that it matches. */
  readonly tags: readonly string[];
}

/** Returns the keep rules of which the package holds nothing, and those of their patterns whose misspelling costs images. */
export function unmatchedKeeps(plan: Plan, policy: PlanPolicy): { readonly idle: UnmatchedKeep[]; readonly exposed: Exposed[] } {
  const tags = tagsIn(plan);
  const exposed = exposedKeeps(plan, policy, tags);
  const said = new Set(exposed.map(({ rule }) => rule));
  const idle = idleKeeps(plan, policy).filter(({ name }) => !said.has(name));
  return { exposed, idle: idle.map((rule) => ({ rule: rule.name, ...meantBy(rule, tags) })) };
}

/** Returns the patterns of keep rules whose misspelling costs images. */
export function exposedKeeps(plan: Plan, { rules }: PlanPolicy, tags = tagsIn(plan)): Exposed[] {
  const { nodes } = plan.seen.graph;
  const going = [...plan.verdicts].flatMap(([node, verdict]) => (verdict.action === "delete" ? [{ node, by: verdict.rules }] : []));
  const goingTags = [...new Set(going.flatMap(({ node }) => (nodes[node] as Node).userTags))];
  if (goingTags.length === 0) return [];
  return rules.filter(isKeep).flatMap(({ name, tags: patterns = [] }) =>
    unmatchedIn(patterns, tags).flatMap((pattern): Exposed[] => {
      const near = nearPattern(pattern, goingTags);
      if (near === undefined) return [];
      const isNear = tagTest([near]);
      const taken = going.filter(({ node }) => (nodes[node] as Node).userTags.some(isNear));
      const by = [...new Set(taken.flatMap(({ by }) => by))];
      return [{ rule: name, pattern, near, by, images: taken.map(({ node }) => node), tags: goingTags.filter(isNear) }];
    }),
  );
}

/** Returns the keep rules that name something of which the package holds nothing, whatever its age. Rules that {@link ruleWarnings} returns are left out. */
function idleKeeps({ verdicts, seen }: Plan, policy: PlanPolicy): Rule[] {
  const heard = new Set([...verdicts.values()].flatMap((verdict) => (verdict.action === "keep" ? [verdict.rule] : [])));
  const warned = new Set(ruleWarnings(policy).map(({ rule }) => rule));
  const asked = policy.rules.filter((rule) => isKeep(rule) && namesSomething(rule) && !heard.has(rule.name) && !warned.has(rule.name));
  if (asked.length === 0) return [];
  // A verdict names one keep rule, of several that keep the same.
  const others = holding(seen, asked);
  const silent = asked.filter(({ name }) => !others.has(name));
  if (silent.length === 0) return [];
  const { graph, leftovers } = seen;
  // What was pushed today, and what is too young or too old for the rule, shows that it names something.
  const ageless = silent.map(({ olderThan: _minimum, newerThan: _maximum, ...rule }): Rule => rule);
  const isVisible = visibleTo(ageless);
  const visible = indicesWhere(graph, (node, index) => isVisible(node) && !leftovers.has(index));
  const matched = rulesHolding(judged(graph, visible, graph.inventory.now), ageless);
  return silent.filter(({ name }) => !matched.has(name));
}

function isKeep({ action }: Rule): boolean {
  return action === "keep";
}

/** A rule on untagged or broken images alone names nothing: that there are none today is as it should be. */
function namesSomething({ tags, semver, digests, platforms, artifactType, annotations }: Rule): boolean {
  return [tags, semver, digests, platforms, artifactType, annotations].some((condition) => condition !== undefined);
}

function meantBy({ tags: patterns = [] }: Rule, tags: ReadonlySet<string>): Pick<UnmatchedKeep, "meant"> {
  for (const pattern of unmatchedIn(patterns, tags)) {
    const near = nearPattern(pattern, [...tags]);
    if (near !== undefined) return { meant: { pattern, near } };
  }
  return {};
}

function tagsIn({ seen }: Plan): ReadonlySet<string> {
  return new Set(seen.graph.nodes.flatMap(({ userTags }) => userTags));
}

function unmatchedIn(patterns: readonly string[], tags: ReadonlySet<string>): readonly string[] {
  return patterns.filter((pattern) => !pattern.startsWith("!") && matchesNone(pattern, tags));
}

const special = /[*?[]/;

function matchesNone(pattern: string, tags: ReadonlySet<string>): boolean {
  if (!special.test(pattern) && !isExpression(pattern)) return !tags.has(pattern);
  const matches = tagTest([pattern]);
  for (const tag of tags) if (matches(tag)) return false;
  return true;
}
