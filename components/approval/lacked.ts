import type { Graph } from "../graph/graph";
import { subjectsInUse } from "../graph/subjects-in-use";
import { digestsNamedBy } from "../model/inventory";
import type { Reasons } from "../plan/deletion-reason";
import type { DeletionSet } from "../plan/deletion-set";
import { nameOf } from "../plan/node-names";
import type { Day } from "../plan/plan-id";
import { deletedTogether, ofPlans } from "./deleted-by";
import { type Found, foundAs, unrecordedOn } from "./found";
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
  if (isOwn === undefined) return foundAs([], today);
  return foundAs(
    unrecordedOn(graph, recorded).filter(({ digest }) => isOwn(digest)),
    today,
  );
}

/** An image that stays, and lacks what an approval of its policy covered. */
export interface Lacking {
  readonly image: string;
  readonly digest: string;
  readonly lacks: readonly string[];
}

interface Staying {
  readonly going: DeletionSet;
  /** Milliseconds. */
  readonly minimumAge: number;
}

/**
 * Finds what stays and names a version on record as deleted that an approval covered: two runs overlapped, or somebody pushed or restored
 * an image without its parts, or signed an image, which is in use then. What no approval covered is left to people.
 */
export function lackingImages({ going, minimumAge }: Staying, recorded: Reasons, own: Own): Lacking[] {
  const isOwn = ownIn(own);
  if (isOwn === undefined) return [];
  const { graph } = going;
  const { deleted: listed, now } = graph.inventory;
  const restorable = listed && new Set(listed.map(({ digest }) => digest));
  const gone = Object.keys(recorded).filter((digest) => !graph.byDigest.has(digest) && isOwn(digest) && (restorable?.has(digest) ?? true));
  if (gone.length === 0) return [];
  const mayComeBack = new Set(gone);
  const goneIds = new Set(listed?.map(({ id }) => id));
  return graph.nodes.flatMap((node, index) => {
    const { version, manifest, missingChildren } = node;
    // A list of existing versions may lag behind.
    if (going.has(index) || goneIds.has(version.id)) return [];
    const parts = [...missingChildren, ...digestsNamedBy(manifest)].filter((digest) => mayComeBack.has(digest));
    const subjects = subjectsInUse(node, gone, { now, minimumAge });
    const lacks = [...new Set([...parts, ...withTheirImages(own, subjects, gone)])];
    return lacks.length === 0 ? [] : [{ image: nameOf(node), digest: version.digest, lacks }];
  });
}

/** What was deleted together with an image in use belongs to it, as its old signatures do, and nothing that is there names those. */
function withTheirImages({ deleted }: Own, digests: readonly string[], gone: readonly string[]): readonly string[] {
  if (digests.length === 0) return digests;
  const together = deletedTogether(deleted, digests);
  return [...digests, ...gone.filter((digest) => together.has(digestPrefix(digest)))];
}

/** Tells what an approval covered; `undefined` where none is on record. */
function ownIn({ deleted, plans }: Own): ((digest: string) => boolean) | undefined {
  const planned = Object.values(ofPlans(deleted)).flatMap(({ images }) => images.flat());
  const kept = Object.values(plans).flatMap((plan) => plan.kept ?? []);
  const prefixes = new Set([...planned, ...kept]);
  return prefixes.size === 0 ? undefined : (digest) => prefixes.has(digestPrefix(digest));
}
