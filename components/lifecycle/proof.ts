import type { Connection } from "../inventory/connection";
import { packageLabel } from "../inventory/errors";
import type { PackageRoute } from "../inventory/github-packages";
import type { PackageName } from "../inventory/inventory";
import type { Memory } from "../inventory/package-cache";
import { shortDigest } from "../plan/names";
import { type Progress, restore } from "./deletions";
import { type Light, retainedIn } from "./light";
import { brokenUnseen, findBroken, missingByDigest } from "./verify";

/**
 * Images that were complete before and are not now, images that were pushed meanwhile and lack what was deleted, and
 * images that lack what an earlier run deleted and could not verify.
 */
export async function findBrokenNow(
  connection: Connection,
  first: Light,
  complete: readonly number[],
  { found }: Progress,
  lookAgain: (memory: Memory) => Promise<Light>,
): Promise<string[]> {
  const broken = await findBroken(connection, first.seen.route, first.graph, complete);
  if (broken.length > 0) return broken;
  const now = await lookAgain(first.seen.memory);
  const unseen = await brokenUnseen(connection, now.graph, retainedIn(now));
  if (unseen.length > 0) return unseen;
  const before = missingByDigest(first.graph);
  const earlier = new Set(found.map(({ version }) => shortDigest(version.digest)));
  return [...missingByDigest(now.graph)].flatMap(([image, missing]) => {
    const lacks = [...missing].filter((digest) => earlier.has(digest) || !before.get(image)?.has(digest));
    return lacks.length > 0 ? [`${image} lacks ${lacks.join(", ")}`] : [];
  });
}

/** Restores what this run deleted, and an earlier one that could not verify it (S6); says what happened. */
export async function undo(
  connection: Connection,
  name: PackageName,
  route: PackageRoute,
  { found, carried, back, refused }: Progress,
  broken: readonly string[],
  verifyAgain: () => Promise<string[]>,
): Promise<string> {
  const what = `${packageLabel(name)}: after the deletion an image was not complete (${broken.join("; ")})`;
  // GitHub does not remember what has no id any more.
  const deleted = [...found, ...carried].filter(({ version }) => version.id > 0);
  const count = deleted.length;
  let restored = 0;
  // The last deleted comes back first: what is needed before what needs it.
  for (const { version } of deleted.reverse()) {
    try {
      await restore(connection, name, route, version);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `${what}. Only ${restored} of the ${count} versions deleted in this run could be restored: ${reason}`;
    }
    restored++;
    back.add(version.digest);
    refused.set(version.digest, `restored, since its deletion left an image incomplete (${broken.join("; ")})`);
  }
  const stillBroken = await verifyAgain().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
  const outcome =
    stillBroken.length === 0 ? "every retained image is complete again" : `NOT COMPLETE YET: ${stillBroken.join("; ")}. Look at it now`;
  return `${what}. All ${count} versions deleted in this run were restored; ${outcome}.`;
}
