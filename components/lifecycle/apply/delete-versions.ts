import { RequestError } from "@octokit/request-error";
import { noMemory } from "../../inventory/cache/package-cache";
import { followsLostAnswer } from "../../inventory/github/client";
import { hasOwnMessage, toRetentionError, wordsOf } from "../../inventory/github/github-error";
import { listVersions } from "../../inventory/github/list-versions";
import { deletePackageVersion, restorePackageVersion } from "../../inventory/github/package-calls";
import { parseHttpDate } from "../../inventory/http/http-date";
import { resolveReference } from "../../inventory/registry/registry";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName, Version } from "../../model/inventory";
import type { DeletionSet } from "../../plan/deletion-set";
import { shortDigest } from "../../plan/node-names";
import type { ApplyRun } from "./apply-run";

/** A package and how to reach it. */
export type PackageAccess = Pick<ApplyRun, "connection" | "name" | "route">;

/**
 * Counts how many versions, `max` or fewer, make up whole images when the set is deleted in order. Where even the first image has
 * more than `max` versions, it is cut there.
 */
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
 * Deletes the first `count` versions of a verified set, each before its parts. A version that GitHub refuses to delete stays with
 * everything it needs; one that is already gone counts as deleted. Records both in `progress`, and throws on any other answer, or
 * before the next deletion once the run is stopped.
 */
export async function deleteVersions(
  run: PackageAccess & Pick<ApplyRun, "progress" | "stop">,
  verified: DeletionSet,
  count: number,
): Promise<void> {
  const { progress, stop } = run;
  let set = verified;
  for (const version of verified.inOrder().slice(0, count)) {
    if (!set.has(set.graph.byDigest.get(version.digest) ?? -1)) continue;
    const answer = await deleteVersion(run, version, stop.changes);
    if (answer.refusal === undefined) {
      const { at = set.graph.inventory.now, alreadyGone } = answer;
      progress.deleted.push({ version, deletedAt: at, ...(alreadyGone ? { alreadyGone } : {}) });
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

type Answer = { readonly at: number | undefined; readonly alreadyGone?: true; readonly refusal?: undefined } | { readonly refusal: string };

async function deleteVersion(access: PackageAccess, version: Version, signal: AbortSignal): Promise<Answer> {
  const { connection, name, route } = access;
  try {
    const { headers, status } = await deletePackageVersion(connection.github.octokit, route, { id: version.id, signal });
    expectDone(status, name, version);
    return { at: parseHttpDate(headers.date) };
  } catch (error) {
    if (error instanceof RequestError) {
      if (await isGone(access, version, error)) {
        const at = parseHttpDate(error.response?.headers.date);
        return followsLostAnswer(error) ? { at } : { at, alreadyGone: true };
      }
      // Why GitHub may refuse a version is not documented, nor are its texts: https://github.com/kairos-io/kairos/issues/4723
      if (error.status === 400 && hasOwnMessage(error)) return { refusal: wordsOf(error) };
    }
    throw toRetentionError(error, name);
  }
}

/** Any other 404 than the usual one, after an error that hid the success, counts if GitHub no longer lists the version. */
async function isGone({ connection, name, route }: PackageAccess, { id }: Version, { status, message }: RequestError): Promise<boolean> {
  if (status !== 404) return false;
  if (/package version not found/i.test(message)) return true;
  const listed = await listVersions(connection.github, name, route, noMemory).catch(() => undefined);
  return listed !== undefined && !listed.versions.some((version) => version.id === id);
}

/** Restores a deleted version; one that exists already is left as it is. An aborted `signal` ends it before the next request. */
export async function restore(access: PackageAccess, version: Pick<Version, "id" | "digest">, signal?: AbortSignal): Promise<void> {
  const { connection, name, route } = access;
  try {
    const { status } = await restorePackageVersion(connection.github.octokit, route, { id: version.id, signal });
    expectDone(status, name, version);
  } catch (error) {
    // An earlier attempt whose answer was lost restored it, or somebody pushed it again.
    if (error instanceof RequestError && notDeleted.includes(error.status) && (await exists(access, version.digest, error.status))) return;
    throw toRetentionError(error, name);
  }
}

/** Among others, GitHub answers with one of these when a version to be restored is not deleted. */
const notDeleted = [400, 404, 409, 422];

/** Reports whether the version exists, given the status of GitHub's answer to restoring it. */
async function exists({ connection, name, route }: PackageAccess, digest: string, status: number): Promise<boolean> {
  const listed = await listVersions(connection.github, name, route, noMemory).catch(() => undefined);
  if (listed?.versions.some((version) => version.digest === digest)) return true;
  // A list may lag behind a push. The registry may still serve a version that was just deleted, so after a 404 that proves nothing.
  return status !== 404 && (await resolveReference(connection.registry, name, digest)) !== undefined;
}

/** Any other status that is not an error comes from a proxy, and GitHub did nothing. */
function expectDone(status: number, name: PackageName, { digest }: Pick<Version, "digest">): void {
  if (status !== 204)
    throw new RetentionError(`${packageLabel(name)}@${digest}: GitHub answered ${status} where 204 was expected; run again later.`);
}
