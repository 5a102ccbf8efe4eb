import { type DeletedImages, digestPrefix } from "../../approval/record";
import { noMemory } from "../../inventory/cache/package-cache";
import type { Connection } from "../../inventory/connection";
import { listDeleted } from "../../inventory/github/list-deleted";
import { listVersions } from "../../inventory/github/list-versions";
import { findRoute } from "../../inventory/github/packages-api";
import { pullImage } from "../../inventory/registry/pull-image";
import { pushTag, resolveReference } from "../../inventory/registry/registry";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
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
  /** Filled with the digests that exist again. */
  readonly restored: Set<string>;
  readonly warn: (text: string) => void;
  /** Ends the restoration before its next request. */
  readonly signal: AbortSignal;
}

/**
 * Restores versions, parts before their image, puts back the tags that did not come back by themselves, and verifies
 * that every restored image can be pulled, layers included. Versions that exist already are left as they are, so it can
 * be repeated.
 */
export async function restoreVersions(restoration: Restoration): Promise<void> {
  const { connection, name, restored, signal } = restoration;
  const { route, scopes } = await untilStopped(signal, findRoute(connection.github, name));
  requireScope(name, scopes, "write:packages", "nothing is restored");
  const ids = new Map((await untilStopped(signal, listDeleted(connection.github, name, route))).map(({ digest, id }) => [digest, id]));
  const access = { connection, name, route };
  const order = inOrder(restoration);
  for (const digest of order) {
    const id = ids.get(digest);
    if (id !== undefined) await restore(access, { id, digest }, signal);
    restored.add(digest);
  }
  for (const digest of order) await untilStopped(signal, expectServed(connection, name, digest));
  await restoreTags(access, restoration);
  const pulled = new Set<string>();
  for (const digest of order) await untilStopped(signal, pullImage(connection.registry, name, digest, pulled));
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

async function restoreTags({ connection, name, route }: PackageAccess, { digests, deleted, warn, signal }: Restoration): Promise<void> {
  const { versions } = await untilStopped(signal, listVersions(connection.github, name, route, noMemory));
  const holders = new Map(versions.flatMap(({ digest, tags }) => tags.map((tag) => [tag, digest] as const)));
  const byPrefix = new Map(digests.map((digest) => [digestPrefix(digest), digest]));
  for (const { tags } of Object.values(deleted)) {
    for (const [tag, prefix] of Object.entries(tags)) {
      const digest = byPrefix.get(prefix);
      const holder = holders.get(tag);
      if (digest === undefined || holder === digest) continue;
      if (holder !== undefined)
        warn(`${packageLabel(name)}:${tag} has moved to ${shortDigest(holder)} and stays there; pull the restored image by ${digest}`);
      else await pushTag(connection.registry, name, { tag, digest, signal });
    }
  }
}
