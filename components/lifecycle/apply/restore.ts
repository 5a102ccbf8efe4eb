import { type DeletedImages, digestPrefix } from "../../approval/record";
import { noMemory } from "../../inventory/cache/package-cache";
import type { Connection } from "../../inventory/connection";
import { listDeleted } from "../../inventory/github/list-deleted";
import { listVersions } from "../../inventory/github/list-versions";
import { findRoute } from "../../inventory/github/packages-api";
import type { PackageRoute } from "../../inventory/github/route";
import { pullImage } from "../../inventory/registry/pull-image";
import { pushTag, resolveReference } from "../../inventory/registry/registry";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import { shortDigest } from "../../plan/node-names";
import { restore } from "./delete-versions";
import { requireScope } from "./require-scope";

export type Warn = (text: string) => void;

/** What is to come back, and how it belonged together. */
export interface Wanted {
  readonly digests: readonly string[];
  readonly deleted: Readonly<Record<string, DeletedImages>>;
}

/**
 * Restores versions, parts before their image, puts back the tags that did not come back by themselves, and verifies
 * that every restored image can be pulled, layers included. Versions that are back already are left as they are, so it can
 * be repeated. `back` fills with what is back.
 */
export async function restoreVersions(
  connection: Connection,
  name: PackageName,
  wanted: Wanted,
  back: Set<string>,
  warn: Warn,
): Promise<void> {
  const { route, scopes } = await findRoute(connection.github, name);
  requireScope(name, scopes, "write:packages", "nothing is restored");
  const ids = new Map((await listDeleted(connection.github, name, route)).map(({ digest, id }) => [digest, id]));
  const order = inOrder(wanted);
  for (const digest of order) {
    const id = ids.get(digest);
    if (id !== undefined) await restore(connection, name, route, { id, digest });
    back.add(digest);
  }
  for (const digest of order) await expectServed(connection, name, digest);
  await restoreTags(connection, name, route, wanted, warn);
  const pulled = new Set<string>();
  for (const digest of order) await pullImage(connection.registry, name, digest, pulled);
}

/** Parts first: an image is whole from the moment that it is there. */
function inOrder({ digests, deleted }: Wanted): string[] {
  const ranks = new Map<string, number>();
  for (const { images } of Object.values(deleted)) {
    for (const members of images) {
      for (const [index, digits] of members.entries()) ranks.set(digits, Math.max(ranks.get(digits) ?? 0, index));
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
        `${packageLabel(name)}@${digest} was restored and the registry does not serve it; run \`pulumi up\` again, and look at the package on GitHub.`,
      );
    }
    await connection.pause(attempt);
  }
}

async function restoreTags(
  connection: Connection,
  name: PackageName,
  route: PackageRoute,
  { digests, deleted }: Wanted,
  warn: Warn,
): Promise<void> {
  const { versions } = await listVersions(connection.github, name, route, noMemory);
  const holders = new Map(versions.flatMap(({ digest, tags }) => tags.map((tag) => [tag, digest] as const)));
  const byDigits = new Map(digests.map((digest) => [digestPrefix(digest), digest]));
  for (const { tags } of Object.values(deleted)) {
    for (const [tag, digits] of Object.entries(tags)) {
      const digest = byDigits.get(digits);
      const holder = holders.get(tag);
      if (digest === undefined || holder === digest) continue;
      if (holder !== undefined)
        warn(`${packageLabel(name)}:${tag} is on ${shortDigest(holder)} by now and stays there; pull the restored image by ${digest}`);
      else await pushTag(connection.registry, name, digest, tag);
    }
  }
}
