import { restorableFor } from "../approval/restore-references";
import type { Graph } from "../graph/graph";
import { Digest } from "../model/digest";
import type { PackageName } from "../model/inventory";
import { dayOf } from "../plan/plan-id";
import { parseReference } from "./image-reference";

/** An image that runs somewhere, and what runs it. */
export interface ImageInUse {
  /** A reference by tag or digest, such as `ghcr.io/acme/app:prod`. */
  readonly image: string;
  /** A description for people: `Deployment shop/web, container app`. */
  readonly by?: string | undefined;
}

/** What a version of the package goes by, for those who use it. */
interface Use {
  readonly name: string;
  readonly label: string;
}

export interface SortedProtection {
  /** Digests and tags as written, for the package whatever it is. */
  readonly names: readonly unknown[];
  /** Images in use of other packages, by `owner/name` in lower case. */
  readonly uses: ReadonlyMap<string, readonly Use[]>;
}

/** Tells names of versions from images in use, and keeps of those what is in this registry. */
export function sortProtection(protect: readonly unknown[], registryHost: string): SortedProtection {
  const names: unknown[] = [];
  const uses = new Map<string, Use[]>();
  for (const one of protect) {
    const { image, by } = typeof one === "object" && one !== null ? (one as ImageInUse) : { image: one, by: undefined };
    if (typeof image !== "string" || (typeof one === "string" && !image.includes("/"))) {
      names.push(one);
      continue;
    }
    const parsed = parseReference(image);
    // Images of other registries, and short names of Docker Hub, are no business of this package.
    if (parsed === undefined || parsed.registry !== registryHost) continue;
    const key = `${parsed.owner}/${parsed.name}`;
    const used = uses.get(key) ?? [];
    uses.set(key, used);
    used.push({ name: parsed.digest ?? parsed.tag ?? "latest", label: by === undefined ? image : `${image} (${by})` });
  }
  return { names, uses };
}

/** Is anything of this package in use? */
export function isInUse({ uses }: SortedProtection, name: PackageName): boolean {
  return usesOf(uses, name).length > 0;
}

/** Protection as the inputs show it: names, and what is in use of this package, each once. */
export function protectedNames({ names, uses }: SortedProtection, name: PackageName): unknown[] {
  return [...new Set([...names, ...usesOf(uses, name).map((use) => use.name)])];
}

/**
 * What an image in use protects: its digest, the digest that its tag points to now, and the indexes that list it. The
 * workload may have pulled the tag's digest before it moves on, so the tag alone would not do.
 */
export function digestsInUse(graph: Graph, { uses }: SortedProtection, name: PackageName): string[] {
  const found = usesOf(uses, name).flatMap((use) => nodesNamed(graph, use.name));
  const held = new Set(found);
  for (const node of held) {
    for (const above of graph.keptBy[node] ?? []) if (graph.nodes[node]?.role === "child") held.add(above);
  }
  return [...held].map((node) => graph.nodes[node]?.version.digest ?? "").sort();
}

/** The images that are in use and not there, with the way to have them back; `undefined` where all are. */
export function missingInUse(graph: Graph, { uses }: SortedProtection, name: PackageName, restore: readonly string[]): string | undefined {
  // What is on its way back is no surprise; a plan's id stands for whatever the plan deleted.
  const isComingBack = (missing: string) => restore.includes(missing) || restore.some((one) => /^\d{4}-\d{2}-\d{2}-/.test(one));
  const missing = usesOf(uses, name).filter((use) => nodesNamed(graph, use.name).length === 0 && !isComingBack(use.name));
  if (missing.length === 0) return undefined;
  const label = `${name.owner}/${name.name}`;
  const lines = missing.map((use) => `  ${use.label}: ${restoreHint(graph, use.name)}`);
  return `${label}: in use, and not in the package; nothing of it is deleted:\n${[...new Set(lines)].join("\n")}`;
}

function restoreHint({ inventory }: Graph, name: string): string {
  const gone = (inventory.deleted ?? []).filter(({ digest, tags }) => digest === name || tags.includes(name));
  const [latest] = [...gone].sort((a, b) => (b.deletedAt ?? 0) - (a.deletedAt ?? 0));
  if (latest === undefined) return "GitHub cannot restore it either; push it again";
  const until = latest.deletedAt === undefined ? "" : ` until ${dayOf(latest.deletedAt + restorableFor)}`;
  return `${latest.digest} can be restored${until}: \`restore: ["${name}"]\` in this policy where it deleted it, else on GitHub's page of the package`;
}

function usesOf(uses: SortedProtection["uses"], { owner, name }: PackageName): readonly Use[] {
  return uses.get(`${owner}/${name}`.toLowerCase()) ?? [];
}

function nodesNamed(graph: Graph, name: string): number[] {
  if (!Digest.safeParse(name).success) return graph.nodes.flatMap(({ version }, node) => (version.tags.includes(name) ? [node] : []));
  const node = graph.byDigest.get(name);
  return node === undefined ? [] : [node];
}
