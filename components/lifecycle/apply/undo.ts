import type { Graph } from "../../graph/graph";
import type { Memory } from "../../inventory/cache/package-cache";
import type { Connection } from "../../inventory/connection";
import { resolveReference } from "../../inventory/registry/registry";
import { packageLabel } from "../../model/errors";
import type { Version } from "../../model/inventory";
import { shortDigest } from "../../plan/node-names";
import { type ApplyProgress, restore } from "./delete-versions";
import { type Recheck, retainedIn } from "./recheck";
import { type Broken, brokenUnlisted, findBroken, missingByDigest } from "./verify";

/**
 * Images that were complete before and are not now, images that were pushed meanwhile and lack what was deleted, and
 * images that lack what an earlier run deleted and could not verify.
 */
export async function findBrokenNow(
  connection: Connection,
  first: Recheck,
  complete: readonly number[],
  { found }: ApplyProgress,
  lookAgain: (memory: Memory) => Promise<Recheck>,
): Promise<Broken[]> {
  const broken = await findBroken(connection, first.observation.route, first.graph, complete);
  if (broken.length > 0) return broken;
  const now = await lookAgain(first.observation.memory);
  const unseen = await brokenUnlisted(connection, now.graph, retainedIn(now));
  if (unseen.length > 0) return unseen;
  const before = missingByDigest(first.graph);
  const earlier = new Set(found.map(({ version }) => version.digest));
  return [...missingByDigest(now.graph)].flatMap(([image, missing]) => {
    const lacks = [...missing].filter((digest) => earlier.has(digest) || !before.get(image)?.has(digest));
    return lacks.length > 0 ? [{ image, lacks }] : [];
  });
}

/**
 * Restores what this run deleted (S6), and of what was gone before or was deleted by somebody else what an image lacks.
 * An image of the plan that would come back without one of its parts stays deleted. Says what happened.
 */
export async function undo(
  connection: Connection,
  { graph, observation: { route } }: Recheck,
  progress: ApplyProgress,
  broken: readonly Broken[],
  verifyAgain: () => Promise<Broken[]>,
): Promise<string> {
  const name = graph.inventory.package;
  const own = progress.deleted.filter(({ alreadyGone: unknown }) => unknown === undefined).map(({ version }) => version);
  const others = [...progress.found, ...progress.deleted.filter(({ alreadyGone: unknown }) => unknown)].map(({ version }) => version);
  const what = `${packageLabel(name)}: after the deletion an image was not complete (${describe(broken)})`;
  const why = `restored, since its deletion left an image incomplete (${describe(broken)})`;
  const stay: string[] = [];

  async function restoreVersion(version: Version): Promise<void> {
    await restore(connection, name, route, version);
    progress.restored.add(version.digest);
    progress.refused.set(version.digest, why);
  }

  /** What of others an image lacks comes back; GitHub does not remember what has no id any more. */
  async function restoreLacking(lacking: readonly Broken[]): Promise<boolean> {
    const lacked = new Set(lacking.flatMap(({ lacks }) => lacks));
    const wanted = others.filter(({ digest, id }) => id > 0 && lacked.has(digest) && !progress.restored.has(digest));
    for (const version of wanted) await restoreVersion(version);
    return wanted.length > 0;
  }

  try {
    await restoreLacking(broken);
    // The last deleted comes back first: what is needed before what needs it.
    for (const version of [...own].reverse()) {
      const lacks = await lostPart(connection, graph, version, progress.restored);
      if (lacks === undefined) await restoreVersion(version);
      else stay.push(`${shortDigest(version.digest)} stays deleted, since somebody else deleted ${shortDigest(lacks)} of it`);
    }
  } catch (error) {
    return `${what}. Only ${countRestored(own, progress)} of the ${own.length} versions deleted in this run could be restored: ${textOf(error)}`;
  }
  const outcome = await verifyUntilWhole();
  const all = stay.length === 0 ? `All ${own.length}` : `${countRestored(own, progress)} of the ${own.length}`;
  const otherwise = countRestored(others, progress);
  const restored = [
    ...(own.length > 0 ? [`${all} versions deleted in this run were restored`] : []),
    ...(otherwise > 0 ? [`${otherwise} deleted by an earlier run or by somebody else were restored`] : []),
  ];
  return `${what}. ${[...restored, ...stay, outcome].join("; ")}.`;

  /** What came back can itself lack what somebody else deleted. */
  async function verifyUntilWhole(): Promise<string> {
    try {
      for (;;) {
        const stillBroken = await verifyAgain();
        if (stillBroken.length === 0) return "every retained image is complete again";
        if (!(await restoreLacking(stillBroken))) return `NOT COMPLETE YET: ${describe(stillBroken)}. Look at it now`;
      }
    } catch (error) {
      return `NOT COMPLETE YET: ${textOf(error)}. Look at it now`;
    }
  }
}

/** A part that the version had before the run, and that nobody has brought back. */
async function lostPart(connection: Connection, graph: Graph, version: Version, back: ReadonlySet<string>): Promise<string | undefined> {
  const children = graph.nodes[graph.byDigest.get(version.digest) ?? -1]?.manifest?.children ?? [];
  for (const { digest, other } of children) {
    if (other || back.has(digest) || !graph.byDigest.has(digest)) continue;
    if ((await resolveReference(connection.registry, graph.inventory.package, digest)) === undefined) return digest;
  }
  return undefined;
}

function countRestored(versions: readonly Version[], { restored: back }: ApplyProgress): number {
  return versions.filter(({ digest }) => back.has(digest)).length;
}

function describe(broken: readonly Broken[]): string {
  return broken.map(({ image, lacks }) => `${image} lacks ${lacks.map(shortDigest).join(", ")}`).join("; ");
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
