import type { Graph } from "../graph/graph";
import type { DeletionReason } from "../plan/deletion-reason";
import { type Day, dayOf } from "../plan/plan-id";
import type { Decision } from "./decide";
import { isPlanId, ofPlans, plansByPrefix } from "./deleted-by";
import { latestGone } from "./found";
import { digestPrefix } from "./record";
import { restorableFor } from "./restore-references";

/** A version that is not in the package any more, and what is known of its deletion. */
export interface Gone {
  readonly digest: string;
  /** GitHub's version id; absent where nobody recorded it and GitHub does not list it. */
  readonly id?: number;
  /** The tags that it had. */
  readonly tags: readonly string[];
  /** Epoch milliseconds; absent where neither GitHub nor a record tells. */
  readonly deletedAt?: number;
  /** The plan that deleted it; absent where no run of this policy did. */
  readonly plan?: string;
  /** Why it went, as the record has it; absent where no run recorded it. */
  readonly reason?: DeletionReason;
  readonly restorable: Restorable;
}

export type Restorable =
  /** The next `pulumi up` brings it back: `restore` names it, or something that stays lacks it. */
  | { readonly kind: "restoring" }
  /** The last day on which GitHub restores it. */
  | { readonly kind: "until"; readonly day: Day }
  /** GitHub lists it, and nobody knows since when. */
  | { readonly kind: "listed" }
  | { readonly kind: "expired" }
  /** It is on record, and GitHub does not list it. */
  | { readonly kind: "unknown" };

/** A deletion that a ledger holds. */
export interface RecordedDeletion {
  readonly id: number;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly plan: string;
  /** Epoch milliseconds; absent where the record's time is not understood. */
  readonly at?: number;
  readonly reason: DeletionReason;
}

/** Returns all that is known to be gone: from the ledger, the decision's record and GitHub's list, the latest deletion first. */
export function goneVersions(decision: Decision, ledger: readonly RecordedDeletion[]): Gone[] {
  const { graph } = decision.plan.deletions;
  const listed = new Map(latestGone(graph.inventory.deleted, graph.byDigest).map((version) => [version.digest, version]));
  const recorded = new Map(ledger.filter(({ digest }) => !graph.byDigest.has(digest)).map((entry) => [entry.digest, entry]));
  const reasons = { ...decision.deletions, ...decision.restoring };
  const digests = new Set([...recorded.keys(), ...listed.keys(), ...Object.keys(reasons).filter((digest) => !graph.byDigest.has(digest))]);
  const [plans, tagsOf] = [plansByPrefix(ofPlans(decision.deleted ?? {})), tagsByPrefix(decision.deleted)];
  const gone = [...digests].map((digest): Gone => {
    const [onList, entry, prefix] = [listed.get(digest), recorded.get(digest), digestPrefix(digest)];
    const plan = entry?.plan ?? plans.get(prefix);
    const id = onList?.id ?? (entry !== undefined && entry.id > 0 ? entry.id : undefined);
    const deletedAt = onList?.deletedAt ?? entry?.at;
    const reason = reasons[digest] ?? entry?.reason;
    return {
      digest,
      tags: [...new Set([...(entry?.tags ?? []), ...(onList?.tags ?? []), ...(tagsOf.get(prefix) ?? [])])],
      restorable: restorableOf({
        graph,
        isRestoring: decision.restoring?.[digest] !== undefined,
        isListed: onList !== undefined,
        deletedAt,
      }),
      ...(id === undefined ? {} : { id }),
      ...(deletedAt === undefined ? {} : { deletedAt }),
      ...(plan === undefined || !isPlanId(plan) ? {} : { plan }),
      ...(reason === undefined ? {} : { reason }),
    };
  });
  return gone.sort((a, b) => (b.deletedAt ?? 0) - (a.deletedAt ?? 0));
}

function tagsByPrefix(deleted: Decision["deleted"] = {}): ReadonlyMap<string, readonly string[]> {
  const tagsOf = new Map<string, string[]>();
  const byTag = Object.entries(deleted)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { tags }]) => Object.entries(tags));
  for (const [tag, prefix] of byTag) tagsOf.set(prefix, [...(tagsOf.get(prefix) ?? []), tag]);
  return tagsOf;
}

interface Circumstances {
  readonly graph: Graph;
  readonly isRestoring: boolean;
  readonly isListed: boolean;
  readonly deletedAt: number | undefined;
}

function restorableOf({ graph, isRestoring, isListed, deletedAt }: Circumstances): Restorable {
  if (isRestoring) return { kind: "restoring" };
  if (deletedAt === undefined) return { kind: isListed ? "listed" : "unknown" };
  const end = deletedAt + restorableFor;
  return end < graph.inventory.now ? { kind: "expired" } : { kind: "until", day: dayOf(end) };
}
