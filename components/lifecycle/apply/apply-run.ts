import type { z } from "zod";
import { type Graph, indicesWhere } from "../../graph/graph";
import type { Memory } from "../../inventory/cache/package-cache";
import type { Connection } from "../../inventory/connection";
import type { PackageRoute } from "../../inventory/github/route";
import { observe } from "../../inventory/observe";
import type { Observation } from "../../inventory/take-inventory";
import type { PackageName, Version } from "../../model/inventory";
import { type StopSignals, untilStopped } from "../../model/stop";
import type { DeletionSet } from "../../plan/deletion-set";
import { unaskedAmong } from "../../plan/deployed";
import { neighboursNamedBy } from "../../plan/neighbours";
import type { Plan } from "../../plan/plan";
import type { InUseReason } from "../../plan/stay-reason";
import type { Policy } from "../../rules/policy";
import { decideByRecord } from "../state/decide-again";
import type { StoredRecord } from "../state/stored";
import type { Reporter } from "./reporter";

export interface Deletion {
  readonly version: Version;
  /** GitHub's clock, epoch milliseconds. */
  readonly deletedAt: number;
  /** GitHub no longer listed the version when its deletion was requested. */
  readonly alreadyGone?: true;
}

/** The effects of a run so far. They are recorded while the run goes on, so that a failure leaves an honest record. */
export interface ApplyProgress {
  readonly deleted: Deletion[];
  /** Deleted by this run, and pushed again since: the next run decides about them anew. */
  readonly pushedAgain: Deletion[];
  /** Digest to GitHub's answer, or to the refused version that needs it. */
  readonly refused: Map<string, string>;
  /** Approved versions that were gone before the run began, or that an earlier run deleted without verifying the rest. */
  found: readonly Deletion[];
  /** Digests that exist again: the run restored them, or found them. */
  readonly restored: Set<string>;
}

/** The package as observed just now, and which approved versions may still go. */
export interface Recheck {
  readonly observation: Observation;
  readonly graph: Graph;
  readonly going: DeletionSet;
  /** Approved versions that stay because they run, or because GitHub does not say whether they do. */
  readonly inUse: ReadonlyMap<string, InUseReason>;
  /** Deleted by this run, and still on GitHub's list, which may lag behind. */
  readonly gone: ReadonlySet<number>;
}

interface Assignment {
  readonly connection: Connection;
  readonly policy: Policy;
  readonly stored: z.output<typeof StoredRecord>;
  /** Digests whose deletion is approved and not done. */
  readonly approved: ReadonlySet<string>;
  /** Digests that an earlier run deleted before it could verify the retained images. */
  readonly unproven: readonly string[];
  readonly progress: ApplyProgress;
  readonly reporter: Reporter;
  readonly stop: StopSignals;
}

/** An apply in progress: the package, the approval that it acts on, and its effects so far. */
export class ApplyRun implements Assignment {
  readonly connection: Connection;
  readonly name: PackageName;
  readonly policy: Policy;
  readonly stored: z.output<typeof StoredRecord>;
  readonly approved: ReadonlySet<string>;
  readonly unproven: readonly string[];
  readonly progress: ApplyProgress;
  readonly reporter: Reporter;
  readonly stop: StopSignals;
  /** The package before the first deletion. */
  readonly first: Recheck;

  private constructor(assignment: Assignment, first: Recheck) {
    this.connection = assignment.connection;
    this.name = nameIn(assignment.policy);
    this.policy = assignment.policy;
    this.stored = assignment.stored;
    this.approved = assignment.approved;
    this.unproven = assignment.unproven;
    this.progress = assignment.progress;
    this.reporter = assignment.reporter;
    this.stop = assignment.stop;
    this.first = first;
  }

  /** Begins a run by observing the package. It deletes nothing yet. */
  static async begin(assignment: Assignment): Promise<ApplyRun> {
    const { deletions } = assignment.policy.limits;
    return new ApplyRun(assignment, await untilStopped(assignment.stop.changes, recheck(assignment, { deletions })));
  }

  get route(): PackageRoute {
    return this.first.observation.route;
  }

  /** Observes the package again. Manifests in the `memory` of an earlier observation are not read again. */
  recheck(memory: Memory, deletions = 0): Promise<Recheck> {
    return recheck(this, { memory, deletions, among: this.policy.inUse && new Set(this.first.going.digests()) });
  }
}

function nameIn({ owner, package: name }: Policy): PackageName {
  return { owner, name };
}

interface Look {
  readonly memory?: Memory;
  /** How many versions may be deleted before the next look: with `inUse`, GitHub is asked again about so many of those that may go. */
  readonly deletions: number;
  /** With `inUse`, what the first look found free to go: the run was bounded by it. */
  readonly among?: ReadonlySet<string> | undefined;
}

async function recheck(
  { connection, policy, stored, approved, progress }: Assignment,
  { memory, deletions, among = approved }: Look,
): Promise<Recheck> {
  const decideNow = (graph: Graph) => decideByRecord(stored, graph, policy);
  const deleted = progress.deleted.filter(({ version }) => !progress.restored.has(version.digest));
  const done = new Set(deleted.map(({ version }) => version.digest));
  // A version that was pushed again has another id.
  const ids = new Set(deleted.flatMap(({ version, alreadyGone }) => (alreadyGone ? [] : [version.id])));
  const isOpen = (digest: string) => among.has(digest) && !progress.refused.has(digest) && !done.has(digest);
  const open = [...approved].filter(isOpen);
  /** As many as may be deleted and are not known to run: what GitHub is not asked about stays. */
  function toAsk(graph: Graph): string[] {
    const { going, plan } = decideNow(graph);
    const ready = going.digests().filter(isOpen).length;
    const unasked = plan.doubtful.filter((digest) => approved.has(digest) && isOpen(digest) && unaskedAmong(graph, [digest]).length > 0);
    return unasked.slice(0, Math.max(0, deletions - ready));
  }
  const observation = await observe(connection, nameIn(policy), {
    unreadable: policy.unreadable,
    neighbours: neighboursNamedBy(policy.rules),
    plans: (graph) => [decideNow(graph).plan],
    ...(policy.inUse === undefined ? {} : { toAsk }),
    ...(memory ? { memory } : {}),
  });
  const { graph } = observation;
  const { going, plan } = decideNow(graph);
  // Only approved versions go, whatever the rules would add now (S4).
  return {
    observation,
    graph,
    going: going.narrowedTo(new Set([...open, ...done])).without(done),
    inUse: inUseAmong(plan, open),
    gone: new Set(indicesWhere(graph, ({ version }) => ids.has(version.id))),
  };
}

/** Returns those of the versions that run, or of which GitHub does not say whether they do. */
function inUseAmong({ stays, deletions }: Plan, digests: readonly string[]): Map<string, InUseReason> {
  return new Map(
    digests.flatMap((digest): [string, InUseReason][] => {
      const reason = stays.get(deletions.graph.byDigest.get(digest) ?? -1);
      if (reason?.kind === "deployed") return [[digest, reason]];
      return reason?.kind === "deployments-unknown" && reason.because.kind !== "unasked" ? [[digest, reason]] : [];
    }),
  );
}

/** The indices of the versions that stay. */
export function retainedIn({ graph, going, gone }: Recheck): number[] {
  return indicesWhere(graph, (_, index) => !going.has(index) && !gone.has(index));
}
