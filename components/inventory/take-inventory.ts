import { buildGraph, type Graph } from "../graph/graph";
import type { DeploymentAnswer } from "../model/deployments";
import { packageLabel, RetentionError } from "../model/errors";
import type { Inventory, Manifest, PackageName, TokenAccess, Version } from "../model/inventory";
import type { TokenScopes } from "../model/token-scopes";
import { type Memory, recall, remember } from "./cache/package-cache";
import type { Connection } from "./connection";
import { type DeletedList, deletedVersions } from "./deleted-versions";
import { askDeployments } from "./github/deployment-records";
import { listVersions } from "./github/list-versions";
import { findRoute } from "./github/packages-api";
import type { PackageRoute } from "./github/route";
import { listNeighbours } from "./list-neighbours";
import { ReadPlanner } from "./read-planner";
import { readManifest } from "./references/read-manifest";
import type { RegistryConnection } from "./registry/client";

export interface Observation {
  readonly route: PackageRoute;
  readonly scopes: TokenScopes;
  readonly graph: Graph;
  /** Digests that the registry served during this observation; the others were cached, or not requested. */
  readonly served: ReadonlySet<string>;
  /** For another observation soon after. */
  readonly memory: Memory;
}

/** Returns the digests whose manifests could change the result. Pure. */
export type ManifestsToRead = (graph: Graph) => readonly string[];

/** Receives the progress of an observation. */
export interface InventoryProgress {
  remembered(count: number): void;
  asked(count: number): void;
  read(): void;
}

export interface InventoryOptions {
  readonly manifestsToRead: ManifestsToRead;
  /** Returns the digests of which it has to be known whether they run, once every manifest is read. Pure. */
  readonly deploymentsToAsk?: (graph: Graph) => readonly string[];
  /** Returns further digests whose manifests decide nothing. They are read last; those that the registry does not know stay unread. Pure. */
  readonly alsoRead?: ManifestsToRead;
  /** Whether an answer of some minutes ago, to another package of this process, does as well. */
  readonly sharesDeployments?: true;
  /** Digests that the policy declares gone: if the registry does not have them either, they need nothing. */
  readonly unreadable: readonly string[];
  /** Other packages of the owner, whose versions are listed too. */
  readonly neighbours?: readonly string[];
  /** The memory of an observation just before; otherwise the cache is read. */
  readonly memory?: Memory;
  readonly progress?: InventoryProgress;
}

const maxRounds = 3;
const gone: Manifest = { index: false, children: [], gone: true };

/**
 * Takes the inventory of a package: lists all versions, then reads the deciding manifests. An untagged child that an index
 * describes as an image manifest is read only if `manifestsToRead` asks for it: reading counts as a download, and a public
 * version with more than 5,000 downloads can never be deleted. Throws a {@link RetentionError} if any doubt remains (S3).
 */
export async function takeInventory(connection: Connection, name: PackageName, options: InventoryOptions): Promise<Observation> {
  const { cacheFolder, github, registry } = connection;
  const [{ route, scopes }, memory] = await Promise.all([
    findRoute(github, name),
    options.memory ?? recall(cacheFolder, registry.url, name),
  ]);
  const manifests = new Map(memory.manifests);
  // Digests that are declared gone are requested each time.
  for (const digest of options.unreadable) manifests.delete(digest);
  const served = new Set<string>();
  const deployments = new Map<string, DeploymentAnswer>();
  let unknown: readonly string[] = [];
  for (let round = 0; round < maxRounds; round++) {
    if (round > 0) await connection.pause(round);
    const { versions, now, pages } = await listVersions(github, name, route, memory);
    // In this order, a version that is deleted in between is on both lists, never on neither.
    const deleted = await deletedVersions(github, name, route);
    // After the own list: what a referrer belongs to is pushed before it.
    const neighbours = await listNeighbours(connection, name, options.neighbours ?? []);
    const there = only(versions, manifests);
    if (round === 0) options.progress?.remembered(there.size);
    const inventory: Inventory = {
      package: name,
      now,
      versions,
      manifests: there,
      token: tokenAccess(scopes, deleted),
      ...(deleted.versions ? { deleted: deleted.versions } : {}),
      ...(neighbours.length > 0 ? { neighbours } : {}),
    };
    const ask = (digests: readonly string[]) => askDeployments(github, route, digests, options.sharesDeployments);
    const read = await readAll(registry, { inventory, manifests: there, served, deployments, ask }, options);
    unknown = read.unknown;
    for (const [digest, manifest] of there) manifests.set(digest, manifest);
    if (unknown.length === 0) {
      const learned: Memory = { pages, manifests: lasting(there) };
      await remember(cacheFolder, registry.url, name, { memory: learned, before: memory });
      return { route, scopes, graph: read.graph, served, memory: learned };
    }
    // Somebody may have deleted it since it was listed: the next list shows that.
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
  /** Filled with what GitHub answers about where versions run. */
  readonly deployments: Map<string, DeploymentAnswer>;
  readonly ask: (digests: readonly string[]) => Promise<ReadonlyMap<string, DeploymentAnswer>>;
}

/** Reads the manifests that are needed, then asks where versions run. Returns the graph, and the digests that the registry does not have. */
async function readAll(
  registry: RegistryConnection,
  { inventory, manifests, served, deployments, ask }: Reading,
  { manifestsToRead, deploymentsToAsk = nothing, alsoRead = nothing, unreadable, progress }: InventoryOptions,
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

  const tried = new Set<string>();
  /** Reads what decides nothing: of that, the registry may have lost some. */
  async function readOthers(digests: readonly string[]): Promise<void> {
    const lost = unknown.length;
    for (const digest of digests) tried.add(digest);
    await readEach(digests);
    unknown.length = lost;
  }

  // Reading goes on after an unknown digest, so that the error names all of them.
  for (let next = list.nextRound(); next.length > 0; next = list.nextRound()) await readEach(next);
  for (;;) {
    const graph = buildGraph(deployments.size === 0 ? inventory : { ...inventory, deployments: Object.fromEntries(deployments) });
    if (unknown.length > 0) return { graph, unknown };
    const next = manifestsToRead(graph);
    const toAsk = next.length > 0 ? [] : deploymentsToAsk(graph);
    const others = next.length + toAsk.length > 0 ? [] : alsoRead(graph).filter((digest) => !tried.has(digest));
    if (next.length + toAsk.length + others.length === 0) return { graph, unknown };
    await readEach(next);
    await readOthers(others);
    for (const [digest, answer] of await ask(toAsk)) deployments.set(digest, answer);
  }
}

function tokenAccess(scopes: TokenScopes, { refusal }: DeletedList): TokenAccess {
  return { ...(scopes ? { scopes: [...scopes] } : {}), ...(refusal === undefined ? {} : { deletedRefusal: refusal }) };
}

const nothing = () => [];

function only(versions: readonly Version[], manifests: ReadonlyMap<string, Manifest>): Map<string, Manifest> {
  return new Map(versions.flatMap(({ digest }) => (manifests.has(digest) ? [[digest, manifests.get(digest) as Manifest]] : [])));
}

/** Leaves out manifests that are declared gone: such a digest may come back. */
function lasting(manifests: ReadonlyMap<string, Manifest>): Map<string, Manifest> {
  return new Map([...manifests].filter(([, manifest]) => !manifest.gone));
}
