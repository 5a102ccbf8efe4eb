import { latestOnly } from "../../approval/found";
import { type DeletedImages, digestPrefix } from "../../approval/record";
import { noMemory } from "../../inventory/cache/package-cache";
import type { Connection } from "../../inventory/connection";
import { listDeleted } from "../../inventory/github/list-deleted";
import { listVersions } from "../../inventory/github/list-versions";
import { findRoute } from "../../inventory/github/packages-api";
import { readManifest } from "../../inventory/references/read-manifest";
import { pullImage } from "../../inventory/registry/pull-image";
import { pushTag, resolveReference } from "../../inventory/registry/registry";
import { packageLabel, RetentionError } from "../../model/errors";
import { type DeletedVersion, digestsNamedBy, type Manifest, type PackageName, type Version } from "../../model/inventory";
import { untilStopped } from "../../model/stop";
import { shortDigest } from "../../plan/node-names";
import { type PackageAccess, restore } from "./delete-versions";
import { requireScope } from "./require-scope";

/** Versions to restore. */
export interface Restoration {
  readonly connection: Connection;
  readonly name: PackageName;
  readonly digests: readonly string[];
  /** By plan id, the images that were deleted together. */
  readonly deleted: Readonly<Record<string, DeletedImages>>;
  /** Version ids as the ledger holds them, by digest. GitHub's list of deleted versions adds to them, where the token may read it. */
  readonly ids: ReadonlyMap<string, number>;
  /** Filled with the digests that exist again. */
  readonly restored: Set<string>;
  readonly warn: (text: string) => void;
  /** Ends the restoration before its next request. */
  readonly signal: AbortSignal;
}

/**
 * Restores versions, parts before their image, puts back the tags that did not come back by themselves, and verifies
 * that every restored image can be pulled, layers included. Deleted parts that no record names are restored as well, once
 * their image is back and says what it needs; their digests are returned. Versions that exist already are left as they are, so it can
 * be repeated.
 */
export async function restoreVersions(restoration: Restoration): Promise<ReadonlySet<string>> {
  const { connection, name, restored, signal } = restoration;
  const { route, scopes } = await untilStopped(signal, findRoute(connection.github, name));
  requireScope(name, scopes, "write:packages", "nothing is restored");
  const access = { connection, name, route };
  const listed = await untilStopped(signal, listRestorable(access, restoration));
  const order = inOrder(restoration);
  for (const digest of order) {
    const id = listed.get(digest)?.id ?? restoration.ids.get(digest);
    if (id !== undefined) await restore(access, { id, digest }, signal);
    restored.add(digest);
  }
  for (const digest of order) await untilStopped(signal, expectServed(connection, name, digest));
  const parts = await restoreParts(access, restoration, listed);
  await restoreTags(access, restoration);
  const pulled = new Set<string>();
  for (const digest of order) await untilStopped(signal, pullImage(connection.registry, name, digest, pulled));
  return parts;
}

/** Lists what GitHub can restore. The list may be refused to a token that may restore, so it is only needed for what the ledger lacks. */
async function listRestorable(
  { connection, name, route }: PackageAccess,
  { digests, ids }: Restoration,
): Promise<ReadonlyMap<string, DeletedVersion>> {
  try {
    const listed = await listDeleted(connection.github, name, route);
    return new Map(latestOnly(listed).map((version) => [version.digest, version]));
  } catch (error) {
    const unknown = digests.filter((digest) => ids.get(digest) === undefined);
    const { versions } = await listVersions(connection.github, name, route, noMemory);
    const there = new Set(versions.map(({ digest }) => digest));
    const [first, ...others] = unknown.filter((digest) => !there.has(digest));
    if (first === undefined) return new Map();
    throw new RetentionError(
      `${packageLabel(name)}@${first}${others.length === 0 ? "" : ` and ${others.length} more`}: the ledger holds no version id, and GitHub's list ` +
        `of deleted versions cannot be read, so it cannot be restored: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Restores the deleted parts of what is back, at any depth: a record may not name them all. */
async function restoreParts(
  access: PackageAccess,
  { digests, restored, signal }: Restoration,
  listed: ReadonlyMap<string, DeletedVersion>,
): Promise<ReadonlySet<string>> {
  const { connection, name, route } = access;
  const parts = new Set<string>();
  const visited = new Set(digests);
  const { versions } = await untilStopped(signal, listVersions(connection.github, name, route, noMemory));
  const there = new Set(versions.map(({ digest }) => digest));
  // A set is visited in the order of insertion, additions included.
  for (const digest of visited) {
    for (const part of neededBy(await untilStopped(signal, readManifest(connection.registry, name, digest)))) {
      const version = listed.get(part);
      if (version === undefined || there.has(part) || restored.has(part)) continue;
      await restore(access, version, signal);
      restored.add(part);
      await untilStopped(signal, expectServed(connection, name, part));
      visited.add(part);
      parts.add(part);
    }
  }
  return parts;
}

/** Returns the digests that a manifest, a layer or a config of it names. */
function neededBy(manifest: Manifest | undefined): string[] {
  return [...(manifest?.children ?? []).map(({ digest }) => digest), ...digestsNamedBy(manifest)];
}

/** Parts first: an image is whole from the moment that it exists. */
function inOrder({ digests, deleted }: Restoration): string[] {
  const ranks = new Map<string, number>();
  for (const { images } of Object.values(deleted)) {
    for (const members of images) {
      for (const [index, prefix] of members.entries()) ranks.set(prefix, Math.max(ranks.get(prefix) ?? 0, index));
    }
  }
  return [...digests].sort((a, b) => (ranks.get(digestPrefix(b)) ?? 0) - (ranks.get(digestPrefix(a)) ?? 0));
}

const maxAttempts = 5;

/** GHCR is eventually consistent. */
async function expectServed(connection: Connection, name: PackageName, digest: string): Promise<void> {
  for (let attempt = 1; (await resolveReference(connection.registry, name, digest)) === undefined; attempt++) {
    if (attempt === maxAttempts) {
      throw new RetentionError(
        `${packageLabel(name)}@${digest} was restored and the registry does not serve it; run \`pulumi up\` again, and check the package on GitHub.`,
      );
    }
    await connection.pause(attempt);
  }
}

async function restoreTags(access: PackageAccess, { digests, deleted, warn, signal }: Restoration): Promise<void> {
  const { connection, name, route } = access;
  const { versions } = await untilStopped(signal, listVersions(connection.github, name, route, noMemory));
  const byPrefix = new Map(digests.map((digest) => [digestPrefix(digest), digest]));
  const wanted = Object.values(deleted)
    .flatMap(({ tags }) => Object.entries(tags))
    .flatMap(([tag, prefix]) => {
      const digest = byPrefix.get(prefix);
      return digest === undefined ? [] : [{ tag, digest }];
    });
  const onMoved = ({ tag, digest }: TagToRestore, holder: string) =>
    warn(`${packageLabel(name)}:${tag} has moved to ${shortDigest(holder)} and stays there; pull the restored image by ${digest}`);
  await putTagsBack(access, { versions, wanted, onMoved, signal });
}

/** A tag that went with a version. */
export interface TagToRestore {
  readonly tag: string;
  /** The version that had it. */
  readonly digest: string;
}

interface TagsToRestore {
  /** The package's versions now, where GitHub's list can be had. */
  readonly versions?: readonly Version[] | undefined;
  readonly wanted: readonly TagToRestore[];
  /** Told of each tag that another version has by now, which keeps it. */
  readonly onMoved?: (tag: TagToRestore, holder: string) => void;
  readonly signal: AbortSignal;
}

/** Puts the tags of restored versions back that did not come back by themselves, and that nothing else carries. */
export async function putTagsBack(
  { connection, name }: Pick<PackageAccess, "connection" | "name">,
  { versions, wanted, onMoved, signal }: TagsToRestore,
): Promise<void> {
  const holders = versions && new Map(versions.flatMap(({ digest, tags }) => tags.map((tag) => [tag, digest] as const)));
  for (const one of wanted) {
    const listed = holders?.get(one.tag);
    // The registry is asked at the last moment: a tag that was moved meanwhile stays where it is.
    const holder = listed ?? (await resolveReference(connection.registry, name, one.tag));
    // It may still serve a tag of a deleted version that the list shows on none.
    const isLost = holder === undefined || (listed === undefined && holders !== undefined && holder === one.digest);
    if (isLost) await pushTag(connection.registry, name, { ...one, signal });
    else if (holder !== one.digest) onMoved?.(one, holder);
  }
}
