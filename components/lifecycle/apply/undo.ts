import { deletedTogether } from "../../approval/deleted-by";
import { digestPrefix } from "../../approval/record";
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
import { putTagsBack, type TagToRestore } from "./restore";
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
  const missing = [...missingByDigest(now.graph)].flatMap(([index, { image, lacks }]) => {
    const lost = lacks.filter((digest) => earlier.has(digest) || !before.get(index)?.lacks.includes(digest));
    return lost.length > 0 ? [{ image, lacks: lost }] : [];
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
    // At once, since nothing tells of a tag that somebody put on it once GitHub lists it as deleted no more.
    const wanted = lostTags(broken).filter(({ digest }) => digest === version.digest);
    await putTagsBack(run, { wanted, signal: unstoppable().changes }).catch(() => undefined);
  }

  /** Versions that others deleted and an image lacks; GitHub cannot restore a version whose id it has forgotten. */
  function lackedOf(lacking: readonly Broken[]): Version[] {
    const lacked = new Set(lacking.flatMap(({ lacks }) => lacks));
    return others.filter(({ digest, id }) => id > 0 && lacked.has(digest) && !progress.restored.has(digest));
  }

  /** What an earlier run deleted together with an image in use: nothing that is there names its old signatures. */
  function deletedAlong(): Version[] {
    const along = deletedTogether(run.stored.deleted, [...inUse]);
    return others.filter(({ digest, id }) => id > 0 && along.has(digestPrefix(digest)));
  }

  async function restoreTagsOf(back: readonly Version[]): Promise<void> {
    await restoreTags(run, back, broken).catch((error: unknown) => stay.push(`tags may be missing: ${textOf(error)}`));
  }

  try {
    const isInUse = ({ digest }: Version) => inUse.has(digest);
    const ofOthers = [...new Set([...lackedOf(broken), ...deletedAlong()])];
    for (const version of ofOthers.filter((one) => !isInUse(one))) await restoreVersion(version);
    // The version deleted last comes back first: parts before the image that needs them.
    for (const version of own.filter((one) => !isInUse(one)).reverse()) {
      const lacks = await lostPart(run, version);
      if (lacks === undefined) await restoreVersion(version);
      else stay.push(`${shortDigest(version.digest)} stays deleted, since somebody else deleted ${shortDigest(lacks)} of it`);
    }
    // Last, what is in use: as long as it is gone, the next run knows what belongs to it. What it lacks, the next verification finds.
    for (const version of [...ofOthers, ...own].filter(isInUse)) await restoreVersion(version);
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
        const lacked = lackedOf(stillBroken);
        if (lacked.length === 0) return `NOT COMPLETE YET: ${describe(stillBroken)}. Check it now`;
        for (const version of lacked) await restoreVersion(version);
      }
    } catch (error) {
      return `NOT COMPLETE YET: ${textOf(error)}. Check it now`;
    }
  }
}

/** The tags that somebody put on versions just before their deletion; also on some that were pushed again meanwhile. */
function lostTags(broken: readonly Broken[]): TagToRestore[] {
  return broken.flatMap(({ tag, lacks }) => (tag === undefined ? [] : lacks.map((digest) => ({ tag, digest }))));
}

/** Restores the tags of restored versions, with those that somebody put on them just before their deletion. */
async function restoreTags(run: ApplyRun, restored: readonly Version[], broken: readonly Broken[]): Promise<void> {
  const { connection, name, route } = run;
  const wanted = [...restored.flatMap(({ digest, tags }) => tags.map((tag) => ({ tag, digest }))), ...lostTags(broken)];
  const digests = wanted.map(({ digest }) => digest);
  // A list that lags behind for good is never proven complete: then the registry alone is asked.
  const list = await listVersions(connection.github, name, route, noMemory).catch(() => undefined);
  const there = new Set(list?.versions.map(({ digest }) => digest) ?? (await served(connection, name, digests)));
  const toPutBack = wanted.filter(({ digest }) => there.has(digest));
  await putTagsBack(run, { versions: list?.versions, wanted: toPutBack, signal: unstoppable().changes });
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
 * Finds what was put back as in use and is gone again: another run of the policy may delete it before it sees that its tag is back. Of what
 * that run deletes of other images it finds itself what they lack, or the next run does.
 */
async function goneAgain({ connection, name }: ApplyRun, back: readonly Version[], inUse: ReadonlySet<string>): Promise<Version[]> {
  const used = back.filter(({ digest }) => inUse.has(digest));
  const lost = await lostAmong(
    connection,
    name,
    used.map(({ digest }) => digest),
  );
  return used.filter(({ digest }) => lost.has(digest));
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
