import { type Graph, indicesWhere, type Node } from "../graph/graph";
import { type Reached, reachableFrom } from "../graph/reachability";
import type { Verdict } from "../rules/evaluate";
import type { DeletionSet } from "./deletion-set";
import type { StayReason } from "./stay-reason";

/** A version that a rule matched and that stays. */
export interface Withheld {
  readonly node: number;
  readonly rules: readonly string[];
  readonly because: StayReason;
}

/** Returns the versions that a rule matched and that stay; young ones are left out, since every push in flight is young. */
export function explainWithheld(
  graph: Graph,
  verdicts: ReadonlyMap<number, Verdict>,
  stays: ReadonlyMap<number, StayReason>,
  deletions: DeletionSet,
): Withheld[] {
  const matched = [...verdicts].filter(([node, verdict]) => verdict.action === "delete" && !deletions.has(node));
  if (matched.length === 0) return [];
  // A version that would go by itself explains nothing: the explanation is what retains it.
  const held = new Set(matched.map(([node]) => node).filter((node) => !stays.has(node)));
  const retained = indicesWhere(graph, (_, node) => !deletions.has(node) && !held.has(node));
  const paths = reachableFrom(graph, taggedRootsFirst(graph, retained, deletions));
  return matched.flatMap(([node, verdict]): Withheld[] => {
    const rules = verdict.action === "delete" ? verdict.rules : [];
    const own = stays.get(node);
    if (own?.kind === "young") return [];
    if (own !== undefined) return [{ node, rules, because: own }];
    const path = paths.get(node);
    if (path?.from !== undefined) return [{ node, rules, because: neededBy(paths, path) }];
    return [{ node, rules, because: { kind: graph.unclassified.length > 0 ? "unclassified" : "needed-indirectly" } }];
  });
}

/** Returns a function that says why a version stays: for its own sake, or because something that stays needs it. It looks at the package once. */
export function reasonsToStay({
  deletions,
  stays,
  withheld,
}: Retention & { readonly withheld: readonly Withheld[] }): (node: number) => StayReason {
  const { graph } = deletions;
  const held = new Map(withheld.map(({ node, because }) => [node, because]));
  const retained = indicesWhere(graph, (_, node) => !deletions.has(node));
  const paths = reachableFrom(graph, taggedRootsFirst(graph, retained, deletions));
  return (node) => {
    const known = stays.get(node) ?? held.get(node);
    if (known !== undefined) return known;
    if (graph.unclassified.length > 0) return { kind: "unclassified" };
    const path = paths.get(node);
    return path?.from === undefined ? { kind: "not-selected" } : neededBy(paths, path);
  };
}

interface Retention {
  readonly deletions: DeletionSet;
  readonly stays: ReadonlyMap<number, StayReason>;
}

/** Orders roots first, tagged ones before the others: people recognise a reason by the tag that they know. */
function taggedRootsFirst(graph: Graph, retained: readonly number[], deletions: DeletionSet): number[] {
  const rank = (node: number): number => {
    const { role, userTags } = graph.nodes[node] as Node;
    if (role === "root") return userTags.length > 0 ? 0 : 1;
    return (graph.keptBy[node] ?? []).every((keeper) => deletions.has(keeper)) ? 2 : 3;
  };
  const ranked = retained.map((node) => ({ node, rank: rank(node) })).filter(({ rank }) => rank < 3);
  return ranked.sort((a, b) => a.rank - b.rank).map(({ node }) => node);
}

/** Follows a path up to the version that stays for its own sake. */
function neededBy(paths: ReadonlyMap<number, Reached>, path: Reached): StayReason {
  const chain = [path.as];
  let keeper = path.from as number;
  for (let up = paths.get(keeper); up?.from !== undefined; up = paths.get(keeper)) {
    chain.push(up.as);
    keeper = up.from;
  }
  return { kind: "needed", chain, keeper };
}
