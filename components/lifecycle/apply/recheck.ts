import type { z } from "zod";
import { decide } from "../../approval/decide";
import { type Graph, placesWhere } from "../../graph/graph";
import type { Memory } from "../../inventory/cache/package-cache";
import type { Connection } from "../../inventory/connection";
import { type Look, look } from "../../inventory/take-inventory";
import type { PackageName } from "../../model/inventory";
import type { DeletionSet } from "../../plan/deletion-set";
import type { Policy } from "../../rules/policy";
import { approvalRecord, type StoredRecord } from "../state/stored";
import type { Progress } from "./delete-versions";

/** One look at the package, and what of the approval may still go in its light. */
export interface Light {
  readonly seen: Look;
  readonly graph: Graph;
  readonly going: DeletionSet;
  /** Deleted by this run, and still on GitHub's list, which may lag behind. */
  readonly gone: ReadonlySet<number>;
}

export async function lookFor(
  connection: Connection,
  name: PackageName,
  policy: Policy,
  stored: z.output<typeof StoredRecord>,
  approved: ReadonlySet<string>,
  progress: Progress,
  memory: Memory | undefined,
): Promise<Light> {
  const decideNow = (graph: Graph) => decide(graph, policy, approvalRecord(stored, graph.byDigest.keys()));
  const seen = await look(connection, name, {
    unreadable: policy.unreadable,
    curiosity: (graph) => decideNow(graph).plan.unread,
    ...(memory ? { memory } : {}),
  });
  const { graph } = seen;
  const carried = progress.carried.filter(({ version }) => !progress.back.has(version.digest));
  const done = new Set(carried.map(({ version }) => version.digest));
  // What was pushed again has another id.
  const ids = new Set(carried.flatMap(({ version, unknown }) => (unknown ? [] : [version.id])));
  const open = [...approved].filter((digest) => !progress.refused.has(digest) && !done.has(digest));
  // Whatever the rules would add by now, only what was approved goes (S4).
  return {
    seen,
    graph,
    going: decideNow(graph)
      .going.narrowedTo(new Set([...open, ...done]))
      .without(done),
    gone: new Set(placesWhere(graph, ({ version }) => ids.has(version.id))),
  };
}

export function retainedIn({ graph, going, gone }: Light): number[] {
  return placesWhere(graph, (_, place) => !going.has(place) && !gone.has(place));
}
