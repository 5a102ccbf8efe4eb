import type { Decision } from "../approval/decide";
import { approvedDigests } from "../approval/done";
import type { ResourceOutputs } from "../lifecycle/state/decide-again";
import { divideLedger } from "../lifecycle/state/ledger";
import { type FreedStorage, freedBy } from "../plan/storage";

/** What the plans of a package free: the approved one, and then the one that waits. Absent where there is none, or nothing is known. */
export interface FreedByPlans {
  readonly approved?: FreedStorage | undefined;
  readonly waiting?: FreedStorage | undefined;
}

/** Returns what the plans of a decision free, as a preview expects it or as an update left it. It looks at the package several times. Pure. */
export function freedByPlans({ refused = {}, ledger = {} }: Pick<ResourceOutputs, "refused" | "ledger">, decision: Decision): FreedByPlans {
  const { plan, pending } = decision;
  const { graph } = plan.deletions;
  const nodesOf = (digests: readonly string[]) => digests.flatMap((digest) => graph.byDigest.get(digest) ?? []);
  const { deleted } = divideLedger(ledger, graph);
  const going = nodesOf(approvedDigests(decision, { refused, ledger }));
  const before = nodesOf(deleted.map(({ digest }) => digest));
  const waiting = nodesOf(Object.keys(pending?.deletions ?? {}));
  return {
    ...(going.length === 0 ? {} : { approved: freedBy(graph, going, before) }),
    ...(waiting.length === 0 ? {} : { waiting: freedBy(graph, waiting, [...before, ...going]) }),
  };
}
