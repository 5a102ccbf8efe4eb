import type { Graph, Node } from "../../graph/graph";
import { reachableFrom } from "../../graph/reachability";
import { noMemory } from "../../inventory/cache/package-cache";
import type { Connection } from "../../inventory/connection";
import { listVersions } from "../../inventory/github/list-versions";
import type { PackageRoute } from "../../inventory/github/route";
import { readManifest } from "../../inventory/references/read-manifest";
import { resolveReference } from "../../inventory/registry/registry";
import { packageLabel, RetentionError } from "../../model/errors";
import { digestsNamedBy, type PackageName } from "../../model/inventory";
import { nameOf, shortDigest } from "../../plan/node-names";

/** GHCR is eventually consistent: a missing manifest is requested again after these waits, in seconds. */
const verifyWaits = [0, 1, 2, 4];

/** An incomplete image. */
export interface Broken {
  /** Its tags, or its digest where it has none, for people. */
  readonly image: string;
  /** The digests of the missing manifests. */
  readonly lacks: readonly string[];
  /** A tag that somebody put on a version which was deleted. */
  readonly tag?: string;
  /** Somebody has just tagged or signed what it lacks, which says that it is an image in use, and no mere part of one. */
  readonly attached?: true;
}

/**
 * Asks the registry for every tag that stays. Throws a {@link RetentionError} where it has a tag on another digest than GitHub's list:
 * the tag was moved just now, and the list that the plan is based on is out of date.
 */
export async function confirmTags(connection: Connection, graph: Graph, retained: readonly number[]): Promise<void> {
  const { package: name } = graph.inventory;
  await Promise.all(
    retained.flatMap((index) => {
      const { version, userTags } = graph.nodes[index] as Node;
      return userTags.map(async (tag) => {
        const digest = await resolveReference(connection.registry, name, tag);
        if (digest === version.digest) return;
        throw new RetentionError(
          `${packageLabel(name)}:${tag}: GitHub lists it on ${version.digest}, and the registry has it on ${digest ?? "nothing"}. ` +
            "It is being moved just now, or the list is out of date: nothing is deleted. Run `pulumi up` again.",
        );
      });
    }),
  );
}

/**
 * Finds the retained images that lack a manifest which they had before. An image that GitHub no longer lists was deleted by somebody
 * else, and is left out.
 */
export async function findBroken(
  connection: Connection,
  route: PackageRoute,
  graph: Graph,
  retained: readonly number[],
): Promise<Broken[]> {
  const digestOf = (index: number) => (graph.nodes[index] as Node).version.digest;
  const lost = await lostAmong(connection, graph.inventory.package, retained.map(digestOf));
  if (lost.size === 0) return [];
  const { versions } = await listVersions(connection.github, graph.inventory.package, route, noMemory);
  const listed = new Set(versions.map(({ digest }) => digest));
  return retained.flatMap((index) => {
    const node = graph.nodes[index] as Node;
    if (node.role !== "root" || !listed.has(node.version.digest)) return [];
    const lacks = [...reachableFrom(graph, [index]).keys()].map(digestOf).filter((part) => lost.has(part));
    return lacks.length === 0 ? [] : [{ image: nameOf(node), lacks }];
  });
}

/** Returns those that the registry does not serve, however often it is asked. */
export async function lostAmong(connection: Connection, name: PackageName, digests: readonly string[]): Promise<ReadonlySet<string>> {
  let suspects = digests;
  for (const grace of verifyWaits) {
    if (grace > 0) await connection.pause(grace);
    suspects = await absent(connection, name, suspects);
    if (suspects.length === 0) break;
  }
  return new Set(suspects);
}

/** What a package held before the deletions, and what it holds now. */
export interface BeforeAndNow {
  readonly before: Graph;
  readonly now: Graph;
}

/** Finds the tags that the registry has on an incomplete image which GitHub does not list yet. */
export async function brokenUnlisted(
  connection: Connection,
  { before, now: graph }: BeforeAndNow,
  retained: readonly number[],
): Promise<Broken[]> {
  const { package: name } = graph.inventory;
  const tags = retained.flatMap((index) => (graph.nodes[index] as Node).userTags);
  const broken = await Promise.all(
    tags.map(async (tag) => {
      const digest = await resolveReference(connection.registry, name, tag);
      if (digest === undefined || graph.byDigest.has(digest)) return [];
      const lacks = await lackedBy(connection, before, digest);
      return lacks.length === 0 ? [] : [{ image: tag, lacks }];
    }),
  );
  return broken.flat();
}

/** Of what a layer names, only what the package held before: the rest may be in another one. */
async function lackedBy(connection: Connection, before: Graph, digest: string): Promise<string[]> {
  const name = before.inventory.package;
  const manifest = await readManifest(connection.registry, name, digest);
  const children = manifest?.children.filter(({ other }) => !other) ?? [];
  const named = digestsNamedBy(manifest).filter((part) => before.byDigest.has(part));
  const lacks = await Promise.all([
    ...children.filter(({ index }) => index).map((child) => lackedBy(connection, before, child.digest)),
    ...[...children.filter(({ index }) => !index).map((child) => child.digest), ...named].map(async (part) =>
      (await resolveReference(connection.registry, name, part)) === undefined ? [part] : [],
    ),
  ]);
  return manifest === undefined ? [digest] : lacks.flat();
}

/** Filters the indices of versions that the registry can serve now. Those `served` during this run's observation are not requested again. */
export async function present(
  connection: Connection,
  graph: Graph,
  indices: readonly number[],
  served: ReadonlySet<string>,
): Promise<number[]> {
  const digestOf = (index: number) => (graph.nodes[index] as Node).version.digest;
  const doubtful = indices.map(digestOf).filter((digest) => !served.has(digest));
  const lost = new Set(await absent(connection, graph.inventory.package, doubtful));
  return indices.filter((index) => !lost.has(digestOf(index)));
}

/** Finds what names a version in a layer that the package held before and does not hold any more. */
export function lackingNamed({ before, now }: BeforeAndNow): Broken[] {
  return now.nodes.flatMap((node) => {
    const lacks = digestsNamedBy(node.manifest).filter((part) => before.byDigest.has(part) && !now.byDigest.has(part));
    return lacks.length === 0 ? [] : [{ image: nameOf(node), lacks }];
  });
}

/** By digest of each index, the children that it lists and the package lacks. */
export function missingByDigest(graph: Graph): Map<string, Broken> {
  const broken = graph.nodes.filter(({ missingChildren }) => missingChildren.length > 0);
  return new Map(
    broken.map((node) => {
      const { digest } = node.version;
      return [digest, { image: `${nameOf(node)}@${shortDigest(digest)}`, lacks: node.missingChildren }];
    }),
  );
}

/** Returns those that the registry serves now. */
export async function served(connection: Connection, name: PackageName, digests: readonly string[]): Promise<string[]> {
  const gone = new Set(await absent(connection, name, digests));
  return digests.filter((digest) => !gone.has(digest));
}

async function absent(connection: Connection, name: PackageName, digests: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(digests.map((digest) => resolveReference(connection.registry, name, digest)));
  return digests.filter((_, place) => answers[place] === undefined);
}
