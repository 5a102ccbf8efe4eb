import { type Graph, indicesWhere } from "../graph/graph";
import { evaluate, evaluateAll, type Opinion, rulesHolding, type Verdict, visibleTo } from "../rules/evaluate";
import type { Rule } from "../rules/rule";
import { type Day, startOf } from "./plan-id";
import { judged, lastChange } from "./subjects";

/** A package as rules see it on a day. */
export interface SeenByRules {
  readonly graph: Graph;
  readonly asOf: Day;
  /** Parts of images that are gone: rules do not see them as images. */
  readonly leftovers: ReadonlySet<number>;
}

/** Returns the time as of which rules judge. A future day would make everything old, so GitHub's clock is the upper bound (S7). */
export function momentOf({ graph, asOf }: SeenByRules): number {
  return Math.min(startOf(asOf), graph.inventory.now);
}

/** Returns the rules' verdict by node. Nodes that no rule sees have none. */
export function judge(seen: SeenByRules, rules: readonly Rule[]): Map<number, Verdict> {
  const visible = visibleNodes(seen, rules);
  const verdicts = evaluate(judged(seen.graph, visible, momentOf(seen)), rules);
  return new Map(visible.map((node, index) => [node, verdicts[index] as Verdict]));
}

/** Returns what each matching rule says of one node: the opinions behind its verdict. */
export function opinionsOn(seen: SeenByRules, rules: readonly Rule[], node: number): readonly Opinion[] {
  return allOpinions(seen, rules).get(node) ?? [];
}

/** Returns what each matching rule says, by node. Nodes that no rule sees have none. */
export function allOpinions(seen: SeenByRules, rules: readonly Rule[]): Map<number, readonly Opinion[]> {
  const visible = visibleNodes(seen, rules);
  const evaluations = evaluateAll(judged(seen.graph, visible, momentOf(seen)), rules);
  return new Map(evaluations.map(({ opinions }, index) => [visible[index] as number, opinions]));
}

/** Returns the names of the rules that hold of something on that day. */
export function holding(seen: SeenByRules, rules: readonly Rule[]): Set<string> {
  return rulesHolding(judged(seen.graph, visibleNodes(seen, rules), momentOf(seen)), rules);
}

/** Only versions that exist as of the day count for `mostRecent`. */
function visibleNodes(seen: SeenByRules, rules: readonly Rule[]): number[] {
  const { graph, leftovers } = seen;
  const isVisible = visibleTo(rules);
  const moment = momentOf(seen);
  return indicesWhere(graph, (node, index) => isVisible(node) && !leftovers.has(index) && lastChange(node) <= moment);
}
