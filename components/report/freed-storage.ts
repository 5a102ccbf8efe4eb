import type { Decision } from "../approval/decide";
import { type FreedStorage, freedBy } from "../plan/storage";

/** What the plans of a package free: the approved one, and then the one that waits. Absent where there is none, or nothing is known. */
export interface FreedByPlans {
  readonly approved?: FreedStorage | undefined;
  readonly waiting?: FreedStorage | undefined;
}

/**
 * Returns what the plans of a decision free. `approved` are the digests that are approved and left to delete, `gone` those that were
 * deleted since the package was observed. Pure.
 */
export function freedByPlans({ plan, pending }: Decision, approved: readonly string[], gone: readonly string[] = []): FreedByPlans {
  const { graph } = plan.deletions;
  const nodesOf = (digests: readonly string[]) => digests.flatMap((digest) => graph.byDigest.get(digest) ?? []);
  const [going, before] = [nodesOf(approved), nodesOf(gone)];
  const waiting = nodesOf(Object.keys(pending?.deletions ?? {}));
  return {
    ...(going.length === 0 ? {} : { approved: freedBy(graph, going, before) }),
    ...(waiting.length === 0 ? {} : { waiting: freedBy(graph, waiting, [...before, ...going]) }),
  };
}
