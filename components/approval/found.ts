import type { Graph } from "../graph/graph";
import type { DeletedVersion } from "../model/inventory";
import type { DeletionReason, Reasons } from "../plan/deletion-reason";
import { type Day, dayOf } from "../plan/plan-id";
import { type DeletedImages, digestPrefix } from "./record";

/** Deletions that GitHub lists and no run recorded: by whom they were made is not known. */
export interface Found {
  readonly deletions: Reasons;
  /** By {@link foundId}. Which part belongs to which image is not known, so that each version stands alone. */
  readonly deleted: Readonly<Record<string, DeletedImages>>;
}

const reason: DeletionReason = { kind: "found" };
/** Other cleaners may delete more than a state file should hold; `restore` finds the others on GitHub's list. */
const maxFound = 1_000;

/** `<day of the deletion>-found` stands in for the id of the plan. */
const suffix = "-found";

function foundId({ deletedAt }: DeletedVersion, today: Day): string {
  return `${deletedAt === undefined ? today : dayOf(deletedAt)}${suffix}`;
}

/** Reports whether a key of the record's deleted images stands for deletions that were found. */
export function isFoundId(id: string): boolean {
  return id.endsWith(suffix);
}

/**
 * Rebuilds the ledger from GitHub's list where a run may have left none: the resource is new to its stack, or a killed run deleted under
 * `approval: automatic`, which puts no plan on record beforehand. Returns the latest deletions that `recorded` does not hold.
 */
export function findUnrecorded(graph: Graph, recorded: readonly Reasons[], deleted: Found["deleted"], today: Day): Found {
  const known = Object.entries(deleted).flatMap(([id, { images }]) => (isFoundId(id) ? images : [])).length;
  return foundAs(unrecordedOn(graph, recorded).slice(0, Math.max(0, maxFound - known)), today);
}

/** Returns what GitHub lists as deleted and `recorded` does not hold, the latest first. */
export function unrecordedOn({ inventory, byDigest }: Graph, recorded: readonly Reasons[]): DeletedVersion[] {
  return latestGone(inventory.deleted, byDigest).filter(({ digest }) => recorded.every((reasons) => reasons[digest] === undefined));
}

/** Returns these deletions as found. */
export function foundAs(versions: readonly DeletedVersion[], today: Day): Found {
  return { deletions: Object.fromEntries(versions.map(({ digest }) => [digest, reason])), deleted: imagesById(versions, today) };
}

/** The versions that a reference means on GitHub's list, where the record knows none. */
export interface Listed {
  readonly digests: readonly string[];
  readonly deleted: Readonly<Record<string, DeletedImages>>;
}

/**
 * Resolves a reference among deleted versions, the latest first: a digest, the tag of the version that lost it last, or a time, which
 * means whatever was deleted from then on.
 */
export function listedAs(candidates: readonly DeletedVersion[], reference: string, today: Day): Listed {
  const since = timeOf(reference);
  if (since !== undefined) {
    const all = candidates.filter(({ deletedAt }) => deletedAt !== undefined && deletedAt >= since);
    // The list forgets what is restored, and the reference goes on to protect it.
    return { digests: digestsOf(all), deleted: all.length === 0 ? {} : { [reference]: imagesOf(all) } };
  }
  const latest = candidates.filter(({ digest, tags }) => digest === reference || tags.includes(reference)).slice(0, 1);
  return { digests: digestsOf(latest), deleted: imagesById(latest, today) };
}

/** Returns the time that a reference names, in epoch milliseconds; `undefined` for a digest, a tag or a plan id. */
function timeOf(reference: string): number | undefined {
  const at = reference.includes("T") && reference.includes(":") ? Date.parse(reference) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Merges images by id. */
export function mergeImages(...all: readonly Readonly<Record<string, DeletedImages>>[]): Record<string, DeletedImages> {
  const merged: Record<string, DeletedImages> = {};
  for (const [id, { images, tags }] of all.flatMap(Object.entries<DeletedImages>)) {
    const before = merged[id];
    const known = new Set(before?.images.flat());
    const added = images.filter((members) => !members.every((one) => known.has(one)));
    merged[id] = before === undefined ? { images, tags } : { images: [...before.images, ...added], tags: { ...before.tags, ...tags } };
  }
  return merged;
}

/** Returns what GitHub lists as deleted and the package does not have, the latest first. `there`: the digests that the package has. */
export function latestGone(deleted: readonly DeletedVersion[] = [], there: { has(digest: string): boolean }): DeletedVersion[] {
  return latestOnly(deleted.filter(({ digest }) => !there.has(digest)));
}

/** Returns each digest once, the latest first: a digest that was pushed again and deleted again is listed twice. */
export function latestOnly(versions: readonly DeletedVersion[]): DeletedVersion[] {
  const sorted = [...versions].sort((a, b) => (a.deletedAt ?? 0) - (b.deletedAt ?? 0));
  return [...new Map(sorted.map((version) => [version.digest, version])).values()].reverse();
}

function digestsOf(versions: readonly DeletedVersion[]): string[] {
  return versions.map(({ digest }) => digest);
}

function imagesById(versions: readonly DeletedVersion[], today: Day): Record<string, DeletedImages> {
  const byId = new Map<string, DeletedVersion[]>();
  for (const version of versions) {
    const id = foundId(version, today);
    byId.set(id, [...(byId.get(id) ?? []), version]);
  }
  return Object.fromEntries([...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, all]) => [id, imagesOf(all)]));
}

function imagesOf(versions: readonly DeletedVersion[]): DeletedImages {
  const images = versions.map(({ digest }) => [digestPrefix(digest)]);
  const tags = versions.flatMap(({ digest, tags }) => tags.map((tag) => [tag, digestPrefix(digest)] as const));
  return { images, tags: Object.fromEntries(tags) };
}
