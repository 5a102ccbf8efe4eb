import type { Graph } from "../graph/graph";
import type { DeletionSet } from "./deletion-set";
import { type Day, dayOf, startOf } from "./plan-id";

/** The day on which each version was first recorded as deletable, by digest. */
export type Candidates = Readonly<Record<string, Day>>;

/** The day from which a version may go; `undefined` while no `up` has recorded it. Without grace it may go at once. */
export function dueDay(since: Day | undefined, grace: number): Day | undefined {
  return since === undefined ? undefined : dayOf(startOf(since) + grace);
}

/**
 * The part of a set whose grace is over as of a day. An image waits for its youngest part, so that none is left behind
 * without an image.
 */
export function ripePart(set: DeletionSet, candidates: Candidates, grace: number, asOf: Day, exempt: ReadonlySet<string>): DeletionSet {
  const isRipe = (digest: string) => {
    const due = dueDay(candidates[digest], grace);
    return exempt.has(digest) || (due !== undefined && due <= asOf);
  };
  const { graph } = set;
  const waiting = withKeepers(
    graph,
    set.digests().filter((digest) => !isRipe(digest)),
  );
  return set.narrowedTo(new Set(set.digests().filter((digest) => !waiting.has(digest))));
}

function withKeepers(graph: Graph, digests: readonly string[]): Set<string> {
  const reached = new Set(digests.map((digest) => graph.byDigest.get(digest) ?? -1));
  for (const node of reached) {
    for (const keeper of graph.keptBy[node] ?? []) reached.add(keeper);
  }
  return new Set([...reached].map((node) => graph.nodes[node]?.version.digest ?? ""));
}

/** Everything deletable with the day it became so; what was needed again for a moment starts over. */
export function candidatesOf(deletable: readonly string[], before: Candidates, today: Day): Candidates {
  return Object.fromEntries([...deletable].sort().map((digest) => [digest, before[digest] ?? today]));
}
