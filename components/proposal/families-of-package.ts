import type { Graph, Node } from "../graph/graph";
import { reachableMask } from "../graph/reachability";
import { shortDigest } from "../plan/node-names";
import { ageOf } from "../rules/evaluate";
import { type Family, familyOf, type Purpose } from "./tag-family";

/** The tags of one purpose in a package. */
export interface FoundFamily {
  readonly purpose: Purpose;
  readonly patterns: readonly string[];
  /** Newest first. */
  readonly tags: readonly string[];
  /** Milliseconds. */
  readonly youngest: number;
  readonly oldest: number;
}

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

interface TagUse {
  readonly tag: string;
  readonly age: number;
  readonly family: Family;
}

/** Sorts the tags of a package into families, and counts its other versions. Pure. */
export function overviewOf(graph: Graph): PackageOverview {
  const { nodes, inventory } = graph;
  const uses: TagUse[] = [];
  const unclear: string[] = [];
  for (const { userTags, version } of nodes) {
    const age = Math.max(0, ageOf({ ...version, userTags }, inventory.now));
    for (const tag of userTags) {
      const family = familyOf(tag);
      if (family === undefined) unclear.push(tag);
      else uses.push({ tag, age, family });
    }
  }
  const { clear, rare } = byUse(uses);
  const roots = nodes.filter(({ role }) => role === "root");
  const tagged = [...nodes.keys()].filter((node) => (nodes[node] as Node).version.tags.length > 0);
  const needed = reachableMask(graph, tagged);
  return {
    versions: nodes.length,
    images: roots.length,
    families: gathered(clear),
    unclear: [...unclear, ...rare.map(({ tag }) => tag)],
    untagged: roots.filter(({ userTags }) => userTags.length === 0).length,
    unneeded: needed.length - needed.reduce((sum, one) => sum + one, 0),
    broken: roots.filter(({ missingChildren }) => missingChildren.length > 0).map(nameOfBroken),
    dangling: nodes.filter(({ role, subjects }) => role === "referrer" && subjects.length === 0).length,
  };
}

/** Nobody reads a rule with thousands of patterns, so only the most frequent forms of a purpose are proposed. */
const maxForms = 40;

function byUse(tags: readonly TagUse[]): { clear: TagUse[]; rare: TagUse[] } {
  const uses = new Map<Purpose, Map<string, number>>();
  for (const { family } of tags) {
    const forms = uses.get(family.purpose) ?? new Map<string, number>();
    uses.set(family.purpose, forms.set(formOf(family), (forms.get(formOf(family)) ?? 0) + 1));
  }
  const defaults = new Set(
    [...uses].flatMap(([purpose, forms]) => {
      const mostUsed = [...forms].sort(([form, uses], [other, others]) => others - uses || (form < other ? -1 : 1));
      return mostUsed.slice(0, maxForms).map(([form]) => `${purpose} ${form}`);
    }),
  );
  const isFrequent = ({ family }: TagUse) => defaults.has(`${family.purpose} ${formOf(family)}`);
  return { clear: tags.filter(isFrequent), rare: tags.filter((tag) => !isFrequent(tag)) };
}

function formOf({ patterns }: Family): string {
  return patterns.join(" ");
}

function nameOfBroken({ userTags, version }: Node): string {
  return userTags[0] ?? shortDigest(version.digest);
}

function gathered(uses: readonly TagUse[]): FoundFamily[] {
  const byPurpose = new Map<Purpose, TagUse[]>();
  for (const one of uses) {
    const members = byPurpose.get(one.family.purpose);
    if (members) members.push(one);
    else byPurpose.set(one.family.purpose, [one]);
  }
  return [...byPurpose].map(([purpose, members]) => {
    const newestFirst = [...members].sort((a, b) => a.age - b.age || (a.tag < b.tag ? -1 : 1));
    return {
      purpose,
      patterns: [...new Set(newestFirst.flatMap(({ family }) => family.patterns))].sort(),
      tags: newestFirst.map(({ tag }) => tag),
      youngest: newestFirst[0]?.age ?? 0,
      oldest: newestFirst.at(-1)?.age ?? 0,
    };
  });
}
