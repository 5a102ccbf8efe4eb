import type { Graph } from "../graph/graph";
import type { DeletionReason, Reasons } from "../plan/deletion-reason";
import type { Plan } from "../plan/plan";
import { type Day, dayOf, dayOfPlan, startOf } from "../plan/plan-id";
import { deletionReasons } from "../plan/reasons";
import { day } from "../rules/duration";
import { PlanId, RestoreTime } from "../rules/policy";
import type { Approved } from "./find-approved";
import { isFoundId, type Listed, latestGone, listedAs, mergeImages } from "./found";
import type { Notice } from "./notice";
import { type ApprovalRecord, type DeletedImages, digestPrefix } from "./record";

/** GitHub restores a version for so long: https://docs.github.com/en/packages/learn-github-packages/deleting-and-restoring-a-package */
export const restorableFor = 30 * day;

/** The versions that the policy's `restore` refers to. */
export interface RestorePlan {
  /** Digests and tags that stay as long as `restore` names them. */
  readonly protect: readonly string[];
  /** Versions to restore, by digest, with the reason of their deletion: whole images, since a part alone is of no use. */
  readonly restoring: Reasons;
  /** What GitHub's list says of versions that no run recorded. */
  readonly listed: Readonly<Record<string, DeletedImages>>;
  readonly notices: readonly Notice[];
}

/** Resolves digests, tags, plan ids and times to deleted versions: by the record, or else by GitHub's list. Pure. */
export function resolveRestore(graph: Graph, record: ApprovalRecord, references: readonly string[]): RestorePlan {
  if (references.length === 0) return { protect: [], restoring: {}, listed: {}, notices: [] };
  const known = { ...record.restoring, ...record.deletions };
  const restorable = graph.inventory.deleted && new Set(graph.inventory.deleted.map(({ digest }) => digest));
  // A part of a recorded image may be gone by another's hand.
  const digests = [...(restorable ?? []), ...graph.byDigest.keys(), ...Object.keys(known)];
  const byPrefix = new Map(digests.map((digest) => [digestPrefix(digest), digest]));
  const protect: string[] = [];
  const restoring: Record<string, DeletionReason> = {};
  const notices: Notice[] = [];
  const onList: Readonly<Record<string, DeletedImages>>[] = [];
  const tagsNow = new Set(graph.nodes.flatMap(({ version }) => version.tags));
  const tagsBefore = Object.values(record.deleted ?? {}).flatMap(({ tags }) => Object.entries(tags));
  // A restoration that broke off may have brought back an image and not its tags.
  const isBack = (digest: string) =>
    graph.byDigest.has(digest) && tagsBefore.every(([tag, image]) => image !== digestPrefix(digest) || tagsNow.has(tag));
  for (const reference of references) {
    protect.push(reference);
    const recorded = membersOf(record.deleted ?? {}, reference).flatMap((prefix) => byPrefix.get(prefix) ?? []);
    const listed = recorded.length > 0 || isThere(graph, reference) ? undefined : onGitHubsList(graph, reference);
    if (listed) onList.push(listed.deleted);
    if (listed?.digests.length === 0 && !Object.hasOwn(record.deleted ?? {}, reference)) {
      // A digest or a tag that was restored is there; of a plan or a time, only a record tells that it was.
      const mayBeDone = record.isNew === true && !isNameOfVersion(reference);
      notices.push(mayBeDone ? { kind: "record-is-new", setting: "restore", reference } : { kind: "restore-unknown", reference });
      if (mayBeDone) onList.push({ [reference]: { images: [], tags: {} } });
    }
    for (const digest of listed?.digests ?? recorded) {
      protect.push(digest);
      if (isBack(digest)) continue;
      if (!graph.byDigest.has(digest) && restorable?.has(digest) === false)
        notices.push({ kind: "restore-expired", digest, reference, reason: known[digest] });
      else restoring[digest] = known[digest] ?? (graph.byDigest.has(digest) ? { kind: "recorded", text: reference } : { kind: "found" });
    }
  }
  return { protect, restoring, listed: mergeImages(...onList), notices };
}

function onGitHubsList({ byDigest, inventory }: Graph, reference: string): Listed {
  return listedAs(latestGone(inventory.deleted, byDigest), reference, dayOf(inventory.now));
}

/** Reports whether a reference names a version by digest or tag, not a plan or a time. */
function isNameOfVersion(reference: string): boolean {
  return !PlanId.safeParse(reference).success && !RestoreTime.safeParse(reference).success;
}

function isThere({ byDigest, nodes }: Graph, reference: string): boolean {
  return byDigest.has(reference) || nodes.some(({ version }) => version.tags.includes(reference));
}

/** The images that a reference means, with their parts; the latest plan first, where a tag went more than once. */
export function membersOf(deleted: Readonly<Record<string, DeletedImages>>, reference: string): readonly string[] {
  // `restore` may hold any word, such as "constructor", which every object has.
  if (Object.hasOwn(deleted, reference)) return deleted[reference]?.images.flat() ?? [];
  const members = new Set<string>();
  let image = reference.includes(":") ? digestPrefix(reference) : undefined;
  for (const [id, { images, tags }] of Object.entries(deleted).sort(([a], [b]) => (a < b ? 1 : -1))) {
    const meant = image ?? (Object.hasOwn(tags, reference) ? tags[reference] : undefined);
    const found = images.filter((all) => meant !== undefined && all.includes(meant));
    if (found.length === 0) continue;
    for (const member of found.flat()) members.add(member);
    // What was found stands alone: the plan that it was part of knows what belongs to it.
    if (!isFoundId(id)) break;
    image = meant;
  }
  return [...members];
}

/** The plan's deletions as images, each followed by its parts. */
export function imagesOfPlan(plan: Plan, digests: ReadonlySet<string>): DeletedImages {
  const { graph } = plan.deletions;
  const images = new Map<number, string[]>();
  const tags: Record<string, string> = {};
  for (const { node, image } of deletionReasons(plan).values()) {
    const { version } = graph.nodes[node] as Graph["nodes"][number];
    if (!digests.has(version.digest)) continue;
    const members = images.get(image) ?? [];
    images.set(image, members);
    if (node === image) members.unshift(digestPrefix(version.digest));
    else members.push(digestPrefix(version.digest));
    for (const tag of version.tags) tags[tag] = digestPrefix(version.digest);
  }
  return { images: [...images.values()], tags };
}

/** Returns the images of an approved plan, those that an interrupted run deleted among them. */
export function imagesOfApproved(plan: Plan, { reasons, gone, goneTags, leftovers }: Approved): DeletedImages {
  const { images, tags } = imagesOfPlan(plan, new Set(Object.keys(reasons)));
  return { images: [...images, ...imagesOfInterruptedRun(Object.keys(gone), leftovers)], tags: { ...tags, ...goneTags } };
}

/** Returns the versions that an interrupted run deleted, with the leftovers, as one image: which part belongs to which image is lost. */
export function imagesOfInterruptedRun(gone: readonly string[], leftovers: Iterable<string>): DeletedImages["images"] {
  return gone.length === 0 ? [] : [[...gone, ...leftovers].map(digestPrefix)];
}

/** Entries leave the record when GitHub cannot restore them any more, and only then. */
export function stillRestorable(graph: Graph, deletions: Reasons, deleted: Readonly<Record<string, DeletedImages>>, today: Day): Reasons {
  const { deleted: listed } = graph.inventory;
  if (listed === undefined) return deletions;
  const restorable = new Set(listed.map(({ digest }) => digest));
  const planDays = new Map<string, Day>();
  for (const [id, { images }] of Object.entries(deleted)) {
    for (const prefix of images.flat()) planDays.set(prefix, [planDays.get(prefix) ?? "", dayOfPlan(id)].sort().at(-1) ?? "");
  }
  // A list may lag behind, so an entry also has to be old enough.
  const isOld = (digest: string) => startOf(today) - startOf(planDays.get(digestPrefix(digest)) ?? today) >= restorableFor;
  return Object.fromEntries(
    Object.entries(deletions).filter(([digest]) => restorable.has(digest) || graph.byDigest.has(digest) || !isOld(digest)),
  );
}

interface StillOnRecord {
  readonly deletions: Reasons;
  readonly restoring: Reasons;
  /** The references in `restore`. */
  readonly references: readonly string[];
}

/** Returns the deleted images to remember: those with a version on record, and those that `restore` names. */
export function stillNeeded(
  deleted: Readonly<Record<string, DeletedImages>>,
  { deletions, restoring, references }: StillOnRecord,
): Record<string, DeletedImages> {
  const prefixes = new Set([...Object.keys(deletions), ...Object.keys(restoring)].map(digestPrefix));
  const isNamed = (id: string, { images, tags }: DeletedImages) =>
    references.some(
      (reference) =>
        reference === id || tags[reference] !== undefined || images.some((members) => members.includes(digestPrefix(reference))),
    );
  return Object.fromEntries(
    Object.entries(deleted).filter(
      ([id, plan]) => isNamed(id, plan) || plan.images.some((members) => members.some((one) => prefixes.has(one))),
    ),
  );
}
