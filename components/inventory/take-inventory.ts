import { buildGraph, type Graph } from "../graph/graph";
import { packageLabel, RetentionError } from "../model/errors";
import type { DeletedVersion, Inventory, Manifest, PackageName, Version } from "../model/inventory";
import { type Memory, recall, remember } from "./cache/package-cache";
import type { Connection } from "./connection";
import type { GitHubConnection } from "./github/client";
import { listDeleted } from "./github/list-deleted";
import { listVersions } from "./github/list-versions";
import { findRoute } from "./github/packages-api";
import type { PackageRoute } from "./github/route";
import type { TokenScopes } from "./github/token-scopes";
import { ReadPlanner } from "./read-planner";
import type { RegistryConnection } from "./registry/client";
import { readManifest } from "./registry/registry";

export interface Observation {
  readonly route: PackageRoute;
  readonly scopes: TokenScopes;
  readonly graph: Graph;
  /** The digests that the registry served in this look; the others were remembered, or not asked for. */
  readonly served: ReadonlySet<string>;
  /** For another look soon after. */
  readonly memory: Memory;
}

/** Names the digests whose reading could change the answer. Pure. */
export type ManifestsToRead = (graph: Graph) => readonly string[];

/** Is told how far a look is. */
export interface InventoryProgress {
  remembered(count: number): void;
  asked(count: number): void;
  read(): void;
}

export interface InventoryOptions {
  readonly manifestsToRead: ManifestsToRead;
  /** Digests that the policy knows to be gone: where the registry does not know them either, they need nothing. */
  readonly unreadable: readonly string[];
  /** What a look just before learned; otherwise the cache is asked. */
  readonly memory?: Memory;
  readonly progress?: InventoryProgress;
}

const maxRounds = 3;
const gone: Manifest = { index: false, children: [], gone: true };

/**
 * Looks at a package: lists it whole, then reads the manifests that decide something. An untagged child that an index
 * describes as an image manifest is read only when `curiosity` asks: reading counts as a download, and a public version
 * with more than 5,000 of them can never be deleted. Throws a {@link RetentionError} when anything stays in doubt (S3).
 */
export async function takeInventory(connection: Connection, name: PackageName, options: InventoryOptions): Promise<Observation> {
  const { cacheFolder, github, registry } = connection;
  const [{ route, scopes }, memory] = await Promise.all([
    findRoute(github, name),
    options.memory ?? recall(cacheFolder, registry.url, name),
  ]);
  const manifests = new Map(memory.manifests);
  // What is said to be gone is asked for each time.
  for (const digest of options.unreadable) manifests.delete(digest);
  const served = new Set<string>();
  let unknown: readonly string[] = [];
  for (let round = 0; round < maxRounds; round++) {
    if (round > 0) await connection.pause(round);
    const { versions, now, pages } = await listVersions(github, name, route, memory);
    // Only afterwards: what is deleted in between is then on both lists, and never on none.
    const deleted = await deletedVersions(github, name, route);
    const there = only(versions, manifests);
    if (round === 0) options.progress?.remembered(there.size);
    const inventory: Inventory = { package: name, now, versions, manifests: there, ...(deleted ? { deleted } : {}) };
    const read = await readAll(registry, { inventory, manifests: there, served }, options);
    unknown = read.unknown;
    for (const [digest, manifest] of there) manifests.set(digest, manifest);
    if (unknown.length === 0) {
      const learned: Memory = { pages, manifests: lasting(there) };
      await remember(cacheFolder, registry.url, name, { memory: learned, before: memory });
      return { route, scopes, graph: read.graph, served, memory: learned };
    }
    // Somebody may have deleted it since it was listed: the next list tells.
  }
  const [first, ...others] = [...unknown].sort();
  throw new RetentionError(
    `${packageLabel(name)}@${first}: GitHub lists this version and the registry does not know it${enumerate(others)}. ` +
      "What it needs cannot be known, so nothing of this package is deleted. Push or delete that version, or name it under `unreadable` if it is known to be gone.",
  );
}

const maxEnumerated = 20;

function enumerate(others: readonly string[]): string {
  if (others.length === 0) return "";
  const rest = others.length - maxEnumerated;
  return `, nor ${others.slice(0, maxEnumerated).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

interface Reading {
  readonly inventory: Inventory;
  /** Filled with the manifests that are read. */
  readonly manifests: Map<string, Manifest>;
  /** Filled with the digests that the registry serves. */
  readonly served: Set<string>;
}

/** Reads the manifests that are needed. Returns the graph, and the digests that the registry does not have. */
async function readAll(
  registry: RegistryConnection,
  { inventory, manifests, served }: Reading,
  { manifestsToRead, unreadable, progress }: InventoryOptions,
): Promise<{ readonly graph: Graph; readonly unknown: readonly string[] }> {
  const unknown: string[] = [];
  const list = new ReadPlanner(inventory.versions, manifests, new Set(unreadable));
  async function read(digest: string): Promise<void> {
    const fetched = await readManifest(registry, inventory.package, digest);
    progress?.read();
    const manifest = fetched ?? (unreadable.includes(digest) ? gone : undefined);
    if (manifest === undefined) {
      unknown.push(digest);
      return;
    }
    if (!manifest.gone) served.add(digest);
    manifests.set(digest, manifest);
    list.add(manifest);
  }

  async function readEach(digests: readonly string[]): Promise<void> {
    progress?.asked(digests.length);
    await Promise.all(digests.map(read));
  }

  // What is unknown does not end the reading: people want to be told of all of it at once.
  for (let next = list.nextRound(); next.length > 0; next = list.nextRound()) await readEach(next);
  for (;;) {
    const graph = buildGraph(inventory);
    const next = unknown.length > 0 ? [] : manifestsToRead(graph);
    if (next.length === 0) return { graph, unknown };
    await readEach(next);
  }
}

/** What GitHub can still restore; nothing needs it, so a token that may not see it is no reason to stop. */
export async function deletedVersions(
  github: GitHubConnection,
  name: PackageName,
  route: PackageRoute,
): Promise<DeletedVersion[] | undefined> {
  try {
    return await listDeleted(github, name, route);
  } catch {
    return undefined;
  }
}

function only(versions: readonly Version[], manifests: ReadonlyMap<string, Manifest>): Map<string, Manifest> {
  return new Map(versions.flatMap(({ digest }) => (manifests.has(digest) ? [[digest, manifests.get(digest) as Manifest]] : [])));
}

/** What may be remembered: a digest that is known to be gone may come back. */
function lasting(manifests: ReadonlyMap<string, Manifest>): Map<string, Manifest> {
  return new Map([...manifests].filter(([, manifest]) => !manifest.gone));
}
