import type { Graph, Node } from "../graph/graph";
import { day } from "../rules/duration";

/**
 * One event at GitHub renewed the stamps of a package's versions to one moment, so that every age by last change begins anew. Real lists
 * of 2025 show it; GitHub does not say why.
 */
export interface Renewal {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The number of versions that carry this stamp. */
  readonly versions: number;
}

/** A push renews the stamps of a few versions that are equally old; fewer, or younger together, are no renewal. */
const fewestVersions = 10;
const leastSpread = 7 * day;

/**
 * Finds a renewal: most versions carry one stamp, and were pushed on different days before it. A stamp of the last day is none: as long as
 * it lasts everything is young, and a server whose stamps move when we pull would look the same.
 */
export function renewalIn({ nodes, inventory: { now } }: Graph): Renewal | undefined {
  const created = new Map<number, number[]>();
  for (const { version } of nodes) {
    const pushes = created.get(version.updatedAt) ?? [];
    created.set(version.updatedAt, pushes);
    pushes.push(version.createdAt);
  }
  for (const [at, pushes] of created) {
    if (now - at < day || pushes.length < fewestVersions || pushes.length * 2 < nodes.length) continue;
    const [first, last] = pushes.reduce(([low, high], push) => [Math.min(low, push), Math.max(high, push)], [at, 0] as [number, number]);
    if (last - first >= leastSpread && last <= at) return { at, versions: pushes.length };
  }
  return undefined;
}

/**
 * Lets renewed versions count from their push instead. One without a tag may have lost it later, so it counts from `untaggedFrom` at the
 * earliest, epoch milliseconds, and at most from the renewal.
 */
export function withPushTimes(graph: Graph, { at }: Renewal, untaggedFrom: number): Graph {
  const changeOf = ({ version: { createdAt }, userTags }: Node) =>
    userTags.length > 0 ? createdAt : Math.min(at, Math.max(createdAt, untaggedFrom));
  const nodes = graph.nodes.map((node): Node => {
    return node.version.updatedAt === at ? { ...node, version: { ...node.version, updatedAt: changeOf(node) } } : node;
  });
  return { ...graph, nodes };
}
