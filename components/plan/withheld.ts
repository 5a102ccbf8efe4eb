import { type Graph, indicesWhere, type Node } from "../graph/graph";
import { type Reached, reachableFrom } from "../graph/reachability";
import type { Verdict } from "../rules/evaluate";
import type { DeletionSet } from "./deletion-set";
import { nameOf } from "./node-names";
import type { Plan } from "./plan";

export const isProtected = "protected by the policy";
export const isYoung = "younger than `minimumAge`";

/** Why a version that a rule matched stays. */
export interface Withheld {
  readonly node: number;
  readonly rules: readonly string[];
  readonly because: string;
  /** The node that keeps it, at the end of the chain; absent where it stays for its own sake. */
  readonly neededBy?: number;
  /** What it is for the image that needs it: `linux/arm64`. */
  readonly as?: string;
}

/** What rules matched and what stays all the same; the merely young are left out, since every push in flight is. */
export function explainWithheld(
  graph: Graph,
  verdicts: ReadonlyMap<number, Verdict>,
  stays: ReadonlyMap<number, string>,
  deletions: DeletionSet,
): Withheld[] {
  const matched = [...verdicts].filter(([node, verdict]) => verdict.action === "delete" && !deletions.has(node));
  if (matched.length === 0) return [];
  // What would go by itself is no reason for anything: the reason is what holds it.
  const held = new Set(matched.map(([node]) => node).filter((node) => !stays.has(node)));
  const retained = indicesWhere(graph, (_, node) => !deletions.has(node) && !held.has(node));
  const ways = reachableFrom(graph, taggedRootsFirst(graph, retained, deletions));
  return matched.flatMap(([node, verdict]): Withheld[] => {
    const rules = verdict.action === "delete" ? verdict.rules : [];
    const own = stays.get(node);
    if (own === isYoung) return [];
    if (own !== undefined) return [{ node, rules, because: own }];
    const way = ways.get(node);
    if (way?.from === undefined) return [{ node, rules, because: "what stays needs it" }];
    return [{ node, rules, ...chainOf(graph, ways, way) }];
  });
}

/** Why a version stays: for its own sake, or since something that stays needs it. */
export function reasonToStay({ deletions, stays }: Pick<Plan, "deletions" | "stays">, node: number): string {
  const own = stays.get(node);
  if (own !== undefined) return own;
  const { graph } = deletions;
  if (graph.unclassified.length > 0) return "not everything in the package could be read";
  const retained = indicesWhere(graph, (_, index) => !deletions.has(index) && index !== node);
  const ways = reachableFrom(graph, taggedRootsFirst(graph, retained, deletions));
  const way = ways.get(node);
  return way?.from === undefined ? "nothing asks for its deletion" : chainOf(graph, ways, way).because;
}

/** Roots first, those with tags before all: the reason people understand is the tag they know. */
function taggedRootsFirst(graph: Graph, retained: readonly number[], deletions: DeletionSet): number[] {
  const rank = (node: number): number => {
    const { role, userTags } = graph.nodes[node] as Node;
    if (role === "root") return userTags.length > 0 ? 0 : 1;
    return (graph.keptBy[node] ?? []).every((keeper) => deletions.has(keeper)) ? 2 : 3;
  };
  const ranked = retained.map((node) => ({ node, rank: rank(node) })).filter(({ rank }) => rank < 3);
  return ranked.sort((a, b) => a.rank - b.rank).map(({ node }) => node);
}

function chainOf(graph: Graph, ways: ReadonlyMap<number, Reached>, way: Reached): Pick<Withheld, "because" | "neededBy" | "as"> {
  const names = [way.as];
  let at = way.from as number;
  for (let up = ways.get(at); up?.from !== undefined; up = ways.get(at)) {
    names.push(up.as);
    at = up.from;
  }
  return { because: `${names.join(" of ")} of ${nameOf(graph.nodes[at] as Node)}`, neededBy: at, as: way.as };
}
