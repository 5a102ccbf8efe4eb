import type { Graph } from "../graph/graph";
import type { Reasons } from "../plan/deletion-reason";
import type { DeletionSet } from "../plan/deletion-set";
import { nameOf } from "../plan/node-names";
import type { Day } from "../plan/plan-id";
import { PlanId } from "../rules/policy";
import { type Found, foundAs, latestGone } from "./found";
import { type ApprovalRecord, type DeletedImages, digestPrefix } from "./record";

/** What tells whose deletion it was. */
export interface Own {
  /** Deleted images, by id of the plan. */
  readonly deleted: Readonly<Record<string, DeletedImages>>;
  readonly plans: ApprovalRecord["plans"];
}

/**
 * Finds what approvals on record cover, GitHub lists as deleted and no run recorded: a run that lost its engine may go on beside the next
 * one. `recorded` are the deletions on record.
 */
export function findMissed(graph: Graph, recorded: readonly Reasons[], own: Own, today: Day): Found {
  const isOwn = ownIn(own);
  const missed = latestGone(graph.inventory.deleted, graph.byDigest).filter(
    ({ digest }) => isOwn(digest) && recorded.every((reasons) => reasons[digest] === undefined),
  );
  return foundAs(missed, today);
}

/** An image that stays, and lacks what an approval of its policy covered. */
export interface Lacking {
  readonly image: string;
  readonly digest: string;
  readonly lacks: readonly string[];
}

/**
 * Finds the images that stay and list a version on record as deleted that an approval covered: two runs overlapped, or somebody pushed or
 * restored an image without its parts. What no approval covered is left to people.
 */
export function lackingImages(going: DeletionSet, recorded: Reasons, own: Own): Lacking[] {
  const { graph } = going;
  const { deleted: listed } = graph.inventory;
  const restorable = listed && new Set(listed.map(({ digest }) => digest));
  const goneIds = new Set(listed?.map(({ id }) => id));
  const isOwn = ownIn(own);
  const mayComeBack = (digest: string) => recorded[digest] !== undefined && isOwn(digest) && (restorable?.has(digest) ?? true);
  return graph.nodes.flatMap((node, index) => {
    // A list of existing versions may lag behind.
    if (node.missingChildren.length === 0 || going.has(index) || goneIds.has(node.version.id)) return [];
    const lacks = node.missingChildren.filter(mayComeBack);
    return lacks.length === 0 ? [] : [{ image: nameOf(node), digest: node.version.digest, lacks }];
  });
}

/** The record also holds, under keys that are no ids of plans, what others deleted. */
function ownIn({ deleted, plans }: Own): (digest: string) => boolean {
  const planned = Object.entries(deleted).flatMap(([id, { images }]) => (PlanId.safeParse(id).success ? images.flat() : []));
  const kept = Object.values(plans).flatMap((plan) => plan.kept ?? []);
  const prefixes = new Set([...planned, ...kept]);
  return (digest) => prefixes.has(digestPrefix(digest));
}
