import { RequestError } from "@octokit/request-error";
import { noMemory } from "../../inventory/cache/package-cache";
import type { Connection } from "../../inventory/connection";
import { toRetentionError } from "../../inventory/github/github-error";
import { listVersions } from "../../inventory/github/list-versions";
import type { PackageRoute } from "../../inventory/github/route";
import { parseHttpDate } from "../../inventory/http/http-date";
import { resolveReference } from "../../inventory/registry/registry";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName, Version } from "../../model/inventory";
import { printable } from "../../model/printable";
import type { DeletionSet } from "../../plan/deletion-set";
import { shortDigest } from "../../plan/node-names";

export interface Deletion {
  readonly version: Version;
  /** GitHub's clock, epoch milliseconds. */
  readonly deletedAt: number;
  /** GitHub did not know it any more. */
  readonly alreadyGone?: true;
}

/** What has happened so far; it is filled while the run goes on, so that a failure leaves an honest record. */
export interface ApplyProgress {
  readonly deleted: Deletion[];
  /** Digest to GitHub's answer, or to what it hangs under. */
  readonly refused: Map<string, string>;
  /** Approved, and gone before the run began; or deleted by a run that could not verify it. */
  found: readonly Deletion[];
  /** Digests that are there again: the run restored them, or found them. */
  readonly restored: Set<string>;
}

/** How many of the first so many versions are images with all their parts; where even the first image is larger, so many of it. */
export function wholeImages(set: DeletionSet, max: number): number {
  const order = set.inOrder();
  if (order.length <= max) return order.length;
  const { byDigest, keptBy } = set.graph;
  const isPart = ({ digest }: Version) => (keptBy[byDigest.get(digest) ?? -1] ?? []).some((keeper) => set.has(keeper));
  let whole = max;
  while (whole > 0 && isPart(order[whole] as Version)) whole--;
  return whole > 0 ? whole : max;
}

/**
 * Deletes the first so many versions of a verified set, each before what hangs under it. What GitHub refuses stays, and
 * with it all that it needs. A version that is gone already counts as deleted. Fills `progress`; throws on anything else.
 */
export async function deleteVersions(
  connection: Connection,
  name: PackageName,
  route: PackageRoute,
  verified: DeletionSet,
  count: number,
  progress: ApplyProgress,
): Promise<void> {
  let set = verified;
  for (const version of verified.inOrder().slice(0, count)) {
    if (!set.has(set.graph.byDigest.get(version.digest) ?? -1)) continue;
    const answer = await deleteVersion(connection, name, route, version);
    if (answer.refusal === undefined) {
      progress.deleted.push({ version, deletedAt: answer.at ?? set.graph.inventory.now, ...(answer.unknown ? { alreadyGone: true } : {}) });
      continue;
    }
    progress.refused.set(version.digest, answer.refusal);
    const narrowed = set.narrowedTo(new Set(set.digests().filter((digest) => digest !== version.digest)));
    for (const digest of set.digests()) {
      const stays = !narrowed.has(set.graph.byDigest.get(digest) ?? -1);
      if (stays && digest !== version.digest) progress.refused.set(digest, `stays with ${shortDigest(version.digest)}`);
    }
    set = narrowed;
  }
}

type Answer = { readonly at: number | undefined; readonly unknown?: true; readonly refusal?: undefined } | { readonly refusal: string };

/** The two refusals are undocumented; their texts are all there is: https://github.com/kairos-io/kairos/issues/4723 */
const refusals = [/more than 5,?000 downloads/i, /last tagged version/i, /last version/i];

async function deleteVersion(connection: Connection, name: PackageName, route: PackageRoute, version: Version): Promise<Answer> {
  try {
    const { headers, status } = await connection.github.octokit.request("DELETE /{kind}/{owner}/packages/container/{name}/versions/{id}", {
      ...route,
      id: version.id,
    });
    expectDone(status, name, version);
    return { at: parseHttpDate(headers.date) };
  } catch (error) {
    if (error instanceof RequestError) {
      const message = error.message;
      if (error.status === 404 && /package version not found/i.test(message))
        return { at: parseHttpDate(error.response?.headers.date), unknown: true };
      if (error.status === 400 && refusals.some((refusal) => refusal.test(message)))
        return { refusal: printable(message.replace(/ - https?:\S+$/, "")) };
    }
    throw toRetentionError(error, name);
  }
}

export async function restore(
  connection: Connection,
  name: PackageName,
  route: PackageRoute,
  version: Pick<Version, "id" | "digest">,
): Promise<void> {
  try {
    const { status } = await connection.github.octokit.request("POST /{kind}/{owner}/packages/container/{name}/versions/{id}/restore", {
      ...route,
      id: version.id,
    });
    expectDone(status, name, version);
  } catch (error) {
    // A try whose answer was lost brought it back, or somebody pushed it again.
    if (
      error instanceof RequestError &&
      notDeleted.includes(error.status) &&
      (await isThere(connection, name, route, version, error.status))
    )
      return;
    throw toRetentionError(error, name);
  }
}

/** How GitHub answers, among others, when a version to be restored is not deleted. */
const notDeleted = [400, 404, 409, 422];

async function isThere(
  connection: Connection,
  name: PackageName,
  route: PackageRoute,
  { digest }: Pick<Version, "digest">,
  status: number,
): Promise<boolean> {
  const listed = await listVersions(connection.github, name, route, noMemory).catch(() => undefined);
  if (listed?.versions.some((version) => version.digest === digest)) return true;
  // A list may lag behind a push. What was just deleted may still be served, so after a 404 that proves nothing.
  return status !== 404 && (await resolveReference(connection.registry, name, digest)) !== undefined;
}

/** Anything else that is no error comes from a proxy, and nothing was done. */
function expectDone(status: number, name: PackageName, { digest }: Pick<Version, "digest">): void {
  if (status !== 204)
    throw new RetentionError(`${packageLabel(name)}@${digest}: GitHub answered ${status} where 204 was expected; run again later.`);
}
