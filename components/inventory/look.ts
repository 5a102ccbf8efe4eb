import { setTimeout as wait } from "node:timers/promises";
import { buildGraph, type Graph } from "../graph/graph";
import type { Connection } from "./connection";
import { LookError, packageLabel } from "./errors";
import { findRoute, type PackageRoute, type TokenScopes } from "./github-packages";
import type { Inventory, Manifest, PackageName, Version } from "./inventory";
import { listVersions } from "./listing";
import { readManifest } from "./registry";

export interface Look {
  readonly route: PackageRoute;
  readonly scopes: TokenScopes;
  readonly inventory: Inventory;
}

/** Names the digests whose reading could change the answer. Pure. */
export type Curiosity = (graph: Graph) => readonly string[];

export interface LookOptions {
  readonly curiosity: Curiosity;
  /** Digests that the policy knows to be gone: where the registry does not know them either, they need nothing. */
  readonly unreadable: readonly string[];
}

const rounds = 3;
const gone: Manifest = { index: false, children: [], gone: true };

/**
 * Looks at a package: lists it whole, then reads the manifests that decide something. An untagged child that an index
 * describes as an image manifest is read only when `curiosity` asks: reading counts as a download, and a public version
 * with more than 5,000 of them can never be deleted. Throws a {@link LookError} when anything stays in doubt (S3).
 */
export async function look(connection: Connection, name: PackageName, options: LookOptions): Promise<Look> {
  const { route, scopes } = await findRoute(connection, name);
  const manifests = new Map<string, Manifest>();
  let unknown: string[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await wait(1_000 * round);
    const { versions, now } = await listVersions(connection, name, route);
    const inventory: Inventory = { package: name, now, versions, manifests };
    unknown = await readAll(connection, inventory, manifests, options);
    if (unknown.length === 0) return { route, scopes, inventory: { ...inventory, manifests: only(versions, manifests) } };
    // Somebody may have deleted it since it was listed: the next list tells.
  }
  throw new LookError(
    `${packageLabel(name)}@${unknown[0]}: GitHub lists this version and the registry does not know it${unknown.length > 1 ? ` (and ${unknown.length - 1} more)` : ""}. ` +
      "What it needs cannot be known, so nothing of this package is deleted. Push or delete that version, or name it under `unreadable` if it is known to be gone.",
  );
}

/** Reads what is needed; returns what the registry did not know. */
async function readAll(
  connection: Connection,
  inventory: Inventory,
  manifests: Map<string, Manifest>,
  { curiosity, unreadable }: LookOptions,
): Promise<string[]> {
  const unknown: string[] = [];
  async function read(digests: readonly string[]): Promise<void> {
    await Promise.all(
      digests.map(async (digest) => {
        const manifest = await readManifest(connection, inventory.package, digest);
        if (manifest) manifests.set(digest, manifest);
        else if (unreadable.includes(digest)) manifests.set(digest, gone);
        else unknown.push(digest);
      }),
    );
  }

  // Tagged first: what their indexes list need not be read. What is said to be gone is asked for each time.
  await read(
    unread(inventory.versions, manifests)
      .filter(({ digest, tags }) => tags.length > 0 || unreadable.includes(digest))
      .map(({ digest }) => digest),
  );
  for (let next = undescribed(inventory, manifests); next.length > 0 && unknown.length === 0; next = undescribed(inventory, manifests)) {
    await read(next);
  }
  if (unknown.length > 0) return unknown;
  for (let next = curiosity(buildGraph(inventory)); next.length > 0 && unknown.length === 0; next = curiosity(buildGraph(inventory))) {
    await read(next);
  }
  return unknown;
}

const batch = 16;

/** The next versions that no index read so far describes as an image manifest; newest first, since an index comes after its children. */
function undescribed(inventory: Inventory, manifests: ReadonlyMap<string, Manifest>): string[] {
  const described = new Set<string>();
  const listedOtherwise = new Set<string>();
  for (const { children } of manifests.values()) {
    for (const child of children) (child.index || child.other ? listedOtherwise : described).add(child.digest);
  }
  return unread(inventory.versions, manifests)
    .filter(({ digest }) => !described.has(digest) || listedOtherwise.has(digest))
    .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id)
    .slice(0, batch)
    .map(({ digest }) => digest);
}

function unread(versions: readonly Version[], manifests: ReadonlyMap<string, Manifest>): Version[] {
  return versions.filter(({ digest }) => !manifests.has(digest));
}

function only(versions: readonly Version[], manifests: ReadonlyMap<string, Manifest>): Map<string, Manifest> {
  return new Map(versions.flatMap(({ digest }) => (manifests.has(digest) ? [[digest, manifests.get(digest) as Manifest]] : [])));
}
