import { type Graph, isDangling, type Node } from "../graph/graph";
import { reachableMask } from "../graph/reachability";
import { shortDigest } from "../plan/node-names";
import { ageOf } from "../rules/evaluate";
import { type FoundFamily, familiesOf, type TagUse } from "./streams";
import { familyOf } from "./tag-family";

/** The facts on which a proposal is based. */
export interface PackageOverview {
  readonly versions: number;
  readonly images: number;
  readonly families: readonly FoundFamily[];
  /** Tags that belong to no family: their images stay. */
  readonly unclear: readonly string[];
  readonly untagged: number;
  /** Versions that no tag needs, parts of untagged images included. */
  readonly unneeded: number;
  /** Images whose index lists a manifest that the package lacks. */
  readonly broken: readonly string[];
  readonly dangling: number;
}

/** Returns the tags of a package with their families, and those of none. */
export function tagsOf({ nodes, inventory }: Graph): { readonly uses: readonly TagUse[]; readonly unclear: readonly string[] } {
  const uses: TagUse[] = [];
  const unclear: string[] = [];
  for (const { userTags, version, role } of nodes) {
    const age = Math.max(0, ageOf({ ...version, userTags }, inventory.now));
    for (const tag of userTags) {
      const family = familyOf(tag);
      if (family === undefined) unclear.push(tag);
      else uses.push({ tag, age, family, counts: role === "root" });
    }
  }
  return { uses, unclear };
}

/** Counts the images without a tag. */
export function untaggedIn({ nodes }: Graph): number {
  return nodes.filter(({ role, version }) => role === "root" && version.tags.length === 0).length;
}

/** Sorts the tags of a package into families, and counts its other versions. Pure. */
export function overviewOf(graph: Graph): PackageOverview {
  const { nodes } = graph;
  const { uses, unclear } = tagsOf(graph);
  const { families, left } = familiesOf(uses, unclear);
  const roots = nodes.filter(({ role }) => role === "root");
  const tagged = [...nodes.keys()].filter((node) => (nodes[node] as Node).version.tags.length > 0);
  const needed = reachableMask(graph, tagged);
  return {
    versions: nodes.length,
    images: roots.length,
    families,
    unclear: [...unclear, ...left],
    untagged: untaggedIn(graph),
    unneeded: needed.length - needed.reduce((sum, one) => sum + one, 0),
    broken: roots.filter(({ missingChildren }) => missingChildren.length > 0).map(nameOfBroken),
    dangling: nodes.filter(isDangling).length,
  };
}

function nameOfBroken({ userTags, version }: Node): string {
  return userTags[0] ?? shortDigest(version.digest);
}
