import type { Graph, Node } from "../graph/graph";
import { blobIdOf, blobsIn } from "../model/blobs";

/** What the deletion of versions frees: the blobs that nothing else in the package lists, each once. It decides nothing. */
export interface FreedStorage {
  readonly bytes: number;
  /**
   * `at-least`: the blobs of something that goes are not all known. `at-most`: those of something that stays are not, and it may share
   * some. `about`: both.
   */
  readonly accuracy: "exact" | "at-least" | "at-most" | "about";
  /** Manifests of the package whose blobs are not known, and would be once they are read. */
  readonly unread: number;
}

/**
 * Returns what the deletion of these nodes frees; `undefined` where nothing is known of their blobs. Nodes that are deleted before count
 * as gone: what only they and these list is freed by these. Pure.
 */
export function freedBy(graph: Graph, nodes: Iterable<number>, before: Iterable<number> = []): FreedStorage | undefined {
  const going = new Set(nodes);
  const gone = new Set(before);
  const all = graph.nodes;
  const freed = new Map<string, Size>();
  const [missing, hidden] = [new Unknown(), new Unknown()];
  for (const place of going) {
    const node = all[place] as Node;
    if (node.manifest?.blobs === undefined) missing.add(node);
    for (const { id, bytes } of blobsIn(node.manifest?.blobs ?? "")) {
      if (id === undefined) missing.isAny = true;
      else freed.set(id, merge(freed.get(id), bytes));
    }
  }
  if (going.size > 0 && missing.nodes === going.size) return undefined;
  // Where an index lists blobs beside manifests, its descriptors alone do not tell them apart.
  for (const { version } of freed.size === 0 ? [] : all) freed.delete(blobIdOf(version.digest));
  for (let place = 0; freed.size > 0 && place < all.length; place++) {
    if (going.has(place) || gone.has(place)) continue;
    const node = all[place] as Node;
    if (node.manifest?.blobs === undefined) hidden.add(node);
    for (const { id } of blobsIn(node.manifest?.blobs ?? "")) {
      if (id === undefined) hidden.isAny = true;
      else freed.delete(id);
    }
  }
  const sizes = [...freed.values()];
  const isMore = missing.isAny || sizes.some(({ bytes, isDisputed }) => bytes === undefined || isDisputed);
  const found = total(
    sizes.map(({ bytes = 0 }) => bytes),
    { isMore, isLess: hidden.isAny },
  );
  const { accuracy } = found;
  const unread = (accuracy === "at-most" ? 0 : missing.unread) + (accuracy === "at-least" ? 0 : hidden.unread);
  return { ...found, unread: accuracy === "exact" ? 0 : unread };
}

/** Returns what all of these free, in packages of their own; `undefined` where nothing is known of any. */
export function sumOfFreed(all: readonly (FreedStorage | undefined)[]): FreedStorage | undefined {
  const known = all.flatMap((one) => one ?? []);
  if (known.length === 0) return undefined;
  const isMore = known.length < all.length || known.some(({ accuracy }) => accuracy === "at-least" || accuracy === "about");
  const isLess = known.some(({ accuracy }) => accuracy === "at-most" || accuracy === "about");
  const found = total(
    known.map(({ bytes }) => bytes),
    { isMore, isLess },
  );
  return { ...found, unread: known.reduce((sum, { unread }) => sum + unread, 0) };
}

/** Returns the nodes whose manifests would tell of blobs that are not known. */
export function withUnknownBlobs({ nodes }: Graph): Node[] {
  return nodes.filter(isUnread);
}

/** Nodes of which not all blobs are known. */
class Unknown {
  isAny = false;
  nodes = 0;
  unread = 0;

  add(node: Node): void {
    this.isAny = true;
    this.nodes += 1;
    if (isUnread(node)) this.unread += 1;
  }
}

/** The bytes of a blob: unknown if no manifest tells them, the smallest number if manifests contradict each other. */
interface Size {
  readonly bytes?: number | undefined;
  readonly isDisputed: boolean;
}

function merge(before: Size | undefined, bytes: number | undefined): Size {
  if (before?.bytes === undefined) return { bytes, isDisputed: false };
  if (bytes === undefined || bytes === before.bytes) return before;
  return { bytes: Math.min(before.bytes, bytes), isDisputed: true };
}

/** Reports whether a manifest was not read, or by a build that left out its blobs. Of one that is gone nothing can be known. */
function isUnread({ manifest }: Node): boolean {
  return manifest?.blobs === undefined && !manifest?.gone;
}

interface Doubt {
  readonly isMore: boolean;
  readonly isLess: boolean;
}

function total(sizes: readonly number[], { isMore, isLess }: Doubt): Pick<FreedStorage, "bytes" | "accuracy"> {
  const sum = sizes.reduce((all, bytes) => all + bytes, 0);
  const isCountable = Number.isSafeInteger(sum);
  const atLeast = isMore || !isCountable;
  // Of nothing, sharing takes nothing away.
  const atMost = isLess && sum > 0;
  return {
    bytes: isCountable ? sum : Number.MAX_SAFE_INTEGER,
    accuracy: atLeast && atMost ? "about" : atLeast ? "at-least" : atMost ? "at-most" : "exact",
  };
}
