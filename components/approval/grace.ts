import type { Graph } from "../graph/graph";
import type { DeletionSet } from "../plan/deletion-set";
import { type Day, dayOf, startOf } from "../plan/plan-id";

/** The day on which each version was first recorded as deletable, by digest. */
export type Candidates = Readonly<Record<string, Day>>;

const never: Day = "9999-12-31";
/** Later days have more than four digits for their year, and would sort before all others. */
const end = startOf(never);

/**
 * The day from which each of the digests may go. An image waits for its youngest part, so that none is left behind
 * without an image. A version that no `up` has recorded goes on waiting.
 */
export function dueDays(graph: Graph, digests: readonly string[], candidates: Candidates, grace: number): ReadonlyMap<string, Day> {
  const own = digests.map((digest) => {
    const since = candidates[digest];
    const at = since === undefined ? end : startOf(since) + grace;
    return { digest, due: at < end ? dayOf(at) : never };
  });
  const due = new Map<number, Day>();
  // Latest first: the first to reach a keeper makes it wait the longest.
  for (const { digest, due: day } of own.sort((a, b) => (a.due < b.due ? 1 : -1))) {
    const waiting = new Set([graph.byDigest.get(digest) ?? -1].filter((node) => !due.has(node)));
    for (const node of waiting) {
      due.set(node, day);
      for (const keeper of graph.keptBy[node] ?? []) if (!due.has(keeper)) waiting.add(keeper);
    }
  }
  return new Map([...due].map(([node, day]) => [graph.nodes[node]?.version.digest ?? "", day]));
}

interface Due {
  readonly candidates: Candidates;
  /** Milliseconds. */
  readonly grace: number;
  readonly asOf: Day;
  /** Digests that an approval covers already. */
  readonly exempt: ReadonlySet<string>;
}

/** Returns the part of a set whose grace is over as of a day. */
export function ripePart(set: DeletionSet, { candidates, grace, asOf, exempt }: Due): DeletionSet {
  const waiting = set.digests().filter((digest) => !exempt.has(digest));
  const due = dueDays(set.graph, waiting, candidates, grace);
  return set.narrowedTo(new Set(set.digests().filter((digest) => (due.get(digest) ?? "") <= asOf)));
}

/** Returns every deletable version with the day on which it became so; one that was needed in between starts over. */
export function candidatesOf(deletable: readonly string[], before: Candidates, today: Day): Candidates {
  return Object.fromEntries([...deletable].sort().map((digest) => [digest, before[digest] ?? today]));
}
