import type { z } from "zod";
import { decide } from "../../approval/decide";
import { type Graph, indicesWhere } from "../../graph/graph";
import type { Memory } from "../../inventory/cache/package-cache";
import type { Connection } from "../../inventory/connection";
import { type Observation, takeInventory } from "../../inventory/take-inventory";
import type { PackageName } from "../../model/inventory";
import type { DeletionSet } from "../../plan/deletion-set";
import type { Policy } from "../../rules/policy";
import { approvalRecord, type StoredRecord } from "../state/stored";
import type { ApplyProgress } from "./delete-versions";

/** One look at the package, and what of the approval may still go in its light. */
export interface Recheck {
  readonly observation: Observation;
  readonly graph: Graph;
  readonly going: DeletionSet;
  /** Deleted by this run, and still on GitHub's list, which may lag behind. */
  readonly gone: ReadonlySet<number>;
}

export async function recheck(
  connection: Connection,
  name: PackageName,
  policy: Policy,
  stored: z.output<typeof StoredRecord>,
  approved: ReadonlySet<string>,
  progress: ApplyProgress,
  memory: Memory | undefined,
): Promise<Recheck> {
  const decideNow = (graph: Graph) => decide(graph, policy, approvalRecord(stored, graph.byDigest.keys()));
  const seen = await takeInventory(connection, name, {
    unreadable: policy.unreadable,
    manifestsToRead: (graph) => decideNow(graph).plan.unread,
    ...(memory ? { memory } : {}),
  });
  const { graph } = seen;
  const carried = progress.deleted.filter(({ version }) => !progress.restored.has(version.digest));
  const done = new Set(carried.map(({ version }) => version.digest));
  // What was pushed again has another id.
  const ids = new Set(carried.flatMap(({ version, alreadyGone: unknown }) => (unknown ? [] : [version.id])));
  const open = [...approved].filter((digest) => !progress.refused.has(digest) && !done.has(digest));
  // Whatever the rules would add by now, only what was approved goes (S4).
  return {
    observation: seen,
    graph,
    going: decideNow(graph)
      .going.narrowedTo(new Set([...open, ...done]))
      .without(done),
    gone: new Set(indicesWhere(graph, ({ version }) => ids.has(version.id))),
  };
}

export function retainedIn({ graph, going, gone }: Recheck): number[] {
  return indicesWhere(graph, (_, index) => !going.has(index) && !gone.has(index));
}
