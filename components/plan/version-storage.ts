import type { Graph, Node } from "../graph/graph";
import { blobIdOf, blobsIn } from "../model/blobs";

/** The bytes of the blobs that a version's manifest lists, and of those that no other version lists; absent where they are not known. */
export interface VersionStorage {
  readonly content?: number;
  readonly alone?: number;
}

/** Returns the storage of each version, in the graph's order. Pure. */
export function storageByVersion({ nodes }: Graph): VersionStorage[] {
  const versions = new Set(nodes.map(({ version }) => blobIdOf(version.digest)));
  const listers = new Map<string, Listers>();
  let isWhole = true;
  nodes.forEach(({ manifest }, place) => {
    isWhole &&= manifest?.blobs !== undefined;
    for (const { id, bytes } of blobsIn(manifest?.blobs ?? "")) {
      if (id === undefined) isWhole = false;
      else if (!versions.has(id)) listers.set(id, merge(listers.get(id), place, bytes));
    }
  });
  return nodes.map((node, place) => storageOf(node, place, listers, isWhole));
}

/** Which versions list a blob: one, or several. Its bytes are absent where no manifest tells them, or manifests contradict each other. */
interface Listers {
  readonly only: number | "several";
  readonly bytes: number | "disputed" | undefined;
}

function merge(before: Listers | undefined, place: number, bytes: number | undefined): Listers {
  if (before === undefined) return { only: place, bytes };
  const isSame = before.bytes === undefined || bytes === undefined || before.bytes === bytes;
  return { only: before.only === place ? place : "several", bytes: isSame ? (before.bytes ?? bytes) : "disputed" };
}

function storageOf({ manifest }: Node, place: number, listers: ReadonlyMap<string, Listers>, isWhole: boolean): VersionStorage {
  if (manifest?.blobs === undefined) return {};
  const listed = blobsIn(manifest.blobs);
  // A blob without a digest may be any of the others.
  if (listed.some(({ id }) => id === undefined)) return {};
  const known = [...new Set(listed.map(({ id = "" }) => id))].flatMap((id) => listers.get(id) ?? []);
  const own = known.filter(({ only }) => only === place);
  const [content, alone] = [sumOf(known), sumOf(own)];
  return {
    ...(content === undefined ? {} : { content }),
    // Whatever was not read may list the same blobs.
    ...(alone !== undefined && (isWhole || own.length === 0) ? { alone } : {}),
  };
}

function sumOf(blobs: readonly Listers[]): number | undefined {
  let sum = 0;
  for (const { bytes } of blobs) {
    if (typeof bytes !== "number") return undefined;
    sum += bytes;
  }
  return Number.isSafeInteger(sum) ? sum : undefined;
}
