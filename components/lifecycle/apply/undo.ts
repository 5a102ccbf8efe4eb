import { digestPrefix } from "../../approval/record";
import { reachableFrom } from "../../graph/reachability";
import { noMemory } from "../../inventory/cache/package-cache";
import { listVersions } from "../../inventory/github/list-versions";
import { resolveReference } from "../../inventory/registry/registry";
import { count } from "../../messages/plurals";
import { packageLabel } from "../../model/errors";
import type { Version } from "../../model/inventory";
import { unstoppable } from "../../model/stop";
import { shortDigest } from "../../plan/node-names";
import { type ApplyProgress, type ApplyRun, retainedIn } from "./apply-run";
import { restore } from "./delete-versions";
import { lostMeanwhile } from "./lost-meanwhile";
import { putTagsBack } from "./restore";
import { type Broken, brokenUnlisted, findBroken, lackingNamed, lostAmong, missingByDigest, served } from "./verify";

/** How often something is put back at most: others may go on deleting. */
const maxRounds = 3;

/**
 * Finds images that were complete before and are not now, images that were pushed in the meantime and lack a deleted version, images
 * that lack a version which an earlier run deleted and could not verify, and what somebody put on a version just before its
 * deletion. `complete` are the indices of the images that were.
 */
export async function findBrokenNow(run: ApplyRun, complete: readonly number[]): Promise<Broken[]> {
  const { connection, route, first } = run;
  const before = await findBroken(connection, route, first.graph, complete);
  if (before.length === 0) return findBrokenSince(run);
  const lacked = new Set(before.flatMap(({ lacks }) => lacks));
  // What is known to be broken is mended, whatever else can be found.
  const since = await findBrokenSince(run).catch((): Broken[] => []);
  return [...before, ...since.filter(({ tag, lacks }) => tag !== undefined || !lacks.every((digest) => lacked.has(digest)))];
}

async function findBrokenSince(run: ApplyRun): Promise<Broken[]> {
  const { connection, first } = run;
  const now = await run.recheck(first.observation.memory);
  const graphs = { before: first.graph, now: now.graph };
  const unlisted = await brokenUnlisted(connection, graphs, retainedIn(now));
  const lost = await lostMeanwhile(run, now);
  const before = missingByDigest(first.graph);
  const earlier = new Set(run.progress.found.map(({ version }) => version.digest));
  const missing = [...missingByDigest(now.graph)].flatMap(([image, digests]) => {
    const lacks = [...digests].filter((digest) => earlier.has(digest) || !before.get(image)?.has(digest));
    return lacks.length > 0 ? [{ image, lacks }] : [];
  });
  return [...unlisted, ...lackingNamed(graphs), ...lost, ...missing];
}

/**
 * Restores the versions that this run deleted (S6), and those that an image lacks because they were gone before or somebody else
 * deleted them. An image of the plan that would come back without one of its parts stays deleted. Returns what happened, for people.
 */
export async function undo(run: ApplyRun, broken: readonly Broken[], verifyAgain: () => Promise<Broken[]>): Promise<string> {
  const { name, progress } = run;
  const own = progress.deleted.filter(({ alreadyGone }) => alreadyGone === undefined).map(({ version }) => version);
  const others = [...progress.found, ...progress.deleted.filter(({ alreadyGone }) => alreadyGone)].map(({ version }) => version);
  const what = `${packageLabel(name)}: after the deletion an image was not complete (${describe(broken)})`;
  const why = `restored, since its deletion left an image incomplete (${describe(broken)})`;
  const inUse = new Set(broken.flatMap(({ attached, lacks }) => (attached ? lacks : [])));
  const stay: string[] = [];

  async function restoreVersion(version: Version): Promise<void> {
    await restore(run, version);
    progress.restored.add(version.digest);
    progress.refused.set(version.digest, why);
  }

  /** Restores versions that others deleted and an image lacks; GitHub cannot restore a version whose id it has forgotten. */
  async function restoreLacking(lacking: readonly Broken[]): Promise<boolean> {
    const lacked = new Set(lacking.flatMap(({ lacks }) => lacks));
    const wanted = others.filter(({ digest, id }) => id > 0 && lacked.has(digest) && !progress.restored.has(digest));
    for (const version of wanted) await restoreVersion(version);
    return wanted.length > 0;
  }

  /** Restores what an earlier run deleted together with an image in use that is back: nothing that is there names its old signatures. */
  async function restoreAlong(): Promise<void> {
    const back = others.filter(({ digest }) => inUse.has(digest) && progress.restored.has(digest));
    const along = deletedTogether(run, back);
    const wanted = others.filter(({ digest, id }) => id > 0 && along.has(digestPrefix(digest)) && !progress.restored.has(digest));
    for (const version of wanted) await restoreVersion(version);
  }

  async function restoreTagsOf(back: readonly Version[]): Promise<void> {
    await restoreTags(run, back, broken).catch((error: unknown) => stay.push(`tags may be missing: ${textOf(error)}`));
  }

  try {
    await restoreLacking(broken);
    // The version deleted last comes back first: parts before the image that needs them.
    for (const version of [...own].reverse()) {
      // An image in use comes back at once; what it lacks is found, and restored, by the next verification.
      const lacks = inUse.has(version.digest) ? undefined : await lostPart(run, version);
      if (lacks === undefined) await restoreVersion(version);
      else stay.push(`${shortDigest(version.digest)} stays deleted, since somebody else deleted ${shortDigest(lacks)} of it`);
    }
    await restoreAlong();
    const back = [...others, ...own].filter(({ digest }) => progress.restored.has(digest)).reverse();
    await restoreTagsOf(back);
    for (let round = 1; round < maxRounds; round++) {
      const again = await goneAgain(run, back, inUse);
      if (again.length === 0) break;
      for (const version of again) await restoreVersion(version);
      await restoreTagsOf(back);
    }
  } catch (error) {
    return `${what}. Only ${countRestored(own, progress)} of the ${count(own.length, "version")} deleted in this run could be restored: ${textOf(error)}`;
  }
  const outcome = await verifyUntilWhole();
  const all =
    stay.length === 0 && own.length > 1
      ? `All ${own.length} versions`
      : `${countRestored(own, progress)} of the ${count(own.length, "version")}`;
  const otherwise = countRestored(others, progress);
  const restored = [
    ...(own.length > 0 ? [`${all} deleted in this run ${own.length === 1 ? "was" : "were"} restored`] : []),
    ...(otherwise > 0 ? [`${otherwise} deleted by an earlier run or by somebody else ${otherwise === 1 ? "was" : "were"} restored`] : []),
  ];
  return `${what}. ${[...restored, ...stay, outcome].join("; ")}.`;

  /** A restored image can itself lack a version that somebody else deleted. */
  async function verifyUntilWhole(): Promise<string> {
    try {
      for (;;) {
        const stillBroken = await verifyAgain();
        if (stillBroken.length === 0) return "every retained image is complete again";
        if (!(await restoreLacking(stillBroken))) return `NOT COMPLETE YET: ${describe(stillBroken)}. Check it now`;
      }
    } catch (error) {
      return `NOT COMPLETE YET: ${textOf(error)}. Check it now`;
    }
  }
}

/** Prefixes of all that was deleted as one image with any of these. */
function deletedTogether({ stored }: ApplyRun, versions: readonly Version[]): ReadonlySet<string> {
  const prefixes = new Set(versions.map(({ digest }) => digestPrefix(digest)));
  const images = Object.values(stored.deleted).flatMap((plan) => plan.images);
  return new Set(images.filter((members) => members.some((prefix) => prefixes.has(prefix))).flat());
}

/** Restores the tags of restored versions, with those that somebody put on them just before their deletion. */
async function restoreTags(run: ApplyRun, restored: readonly Version[], broken: readonly Broken[]): Promise<void> {
  const { connection, name, route } = run;
  const { changes: signal } = unstoppable();
  const own = restored.flatMap(({ digest, tags }) => tags.map((tag) => ({ tag, digest })));
  // Also on a version that was pushed again meanwhile, which needs no restoration.
  const lost = broken.flatMap(({ tag, lacks }) => (tag === undefined ? [] : lacks.map((digest) => ({ tag, digest }))));
  const wanted = [...own, ...lost];
  const digests = wanted.map(({ digest }) => digest);
  // A list that lags behind for good is never proven complete: then the registry alone is asked.
  const list = await listVersions(connection.github, name, route, noMemory).catch(() => undefined);
  const there = new Set(list?.versions.map(({ digest }) => digest) ?? (await served(connection, name, digests)));
  await putTagsBack(run, { versions: list?.versions ?? [], wanted: wanted.filter(({ digest }) => there.has(digest)), signal });
}

/** Finds a part that the version had before the run and that nobody has restored. */
async function lostPart({ connection, name, first: { graph }, progress }: ApplyRun, version: Version): Promise<string | undefined> {
  const children = graph.nodes[graph.byDigest.get(version.digest) ?? -1]?.manifest?.children ?? [];
  for (const { digest, other } of children) {
    if (other || progress.restored.has(digest) || !graph.byDigest.has(digest)) continue;
    if ((await resolveReference(connection.registry, name, digest)) === undefined) return digest;
  }
  return undefined;
}

/**
 * Finds what was put back and is gone again, of what was found to be in use and of images that are there: another run of the policy may
 * delete it, before it sees the tag or the image that comes back. What it deletes later it misses itself when it verifies.
 */
async function goneAgain(run: ApplyRun, back: readonly Version[], inUse: ReadonlySet<string>): Promise<Version[]> {
  const { connection, name, first } = run;
  const { byDigest, nodes } = first.graph;
  const lost = await lostAmong(
    connection,
    name,
    back.map(({ digest }) => digest),
  );
  const there = back.flatMap(({ digest }) => (lost.has(digest) ? [] : (byDigest.get(digest) ?? [])));
  const needed = new Set([...reachableFrom(first.graph, there).keys()].map((index) => nodes[index]?.version.digest));
  return back.filter(({ digest }) => lost.has(digest) && (needed.has(digest) || inUse.has(digest)));
}

function countRestored(versions: readonly Version[], { restored }: ApplyProgress): number {
  return versions.filter(({ digest }) => restored.has(digest)).length;
}

function describe(broken: readonly Broken[]): string {
  return broken
    .map(({ image, lacks }) => (lacks.length === 0 ? `${image} is lost` : `${image} lacks ${lacks.map(shortDigest).join(", ")}`))
    .join("; ");
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
