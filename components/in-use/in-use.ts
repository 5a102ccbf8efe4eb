import { restorableFor } from "../approval/restore-references";
import type { Graph } from "../graph/graph";
import { Digest } from "../model/digest";
import type { InUseSummary } from "../model/in-use-summary";
import type { PackageName } from "../model/inventory";
import { dayOf } from "../plan/plan-id";
import { parseReference } from "./image-reference";

/** An image that is in use, and the workload that runs it. */
export interface ImageInUse {
  /** A reference by tag or digest, such as `ghcr.io/acme/app:prod`. */
  readonly image: string;
  /** A description for people: `Deployment shop/web, container app`. */
  readonly by?: string | undefined;
  /** @internal Found under a key that does not say that it is an image, so it protects nothing. */
  readonly unread?: true | undefined;
}

/** The tag or digest by which a version is in use, with a description for people. */
interface Use {
  readonly name: string;
  readonly label: string;
}

export interface SortedProtection {
  /** Digests and tags as written, which apply to any package. */
  readonly names: readonly unknown[];
  /** Images in use, by their package: `owner/name` in lower case. */
  readonly uses: ReadonlyMap<string, readonly Use[]>;
  /** Every reference to an image in use, understood or not, with what runs it. */
  readonly references: readonly ImageInUse[];
  /** Those that are not understood, which protect nothing. */
  readonly unread: readonly string[];
}

/** Separates digests and tags from references to images in use, of which only those in this registry are kept. */
export function sortProtection(protect: readonly unknown[], registryHost: string): SortedProtection {
  const names: unknown[] = [];
  const uses = new Map<string, Use[]>();
  const references: ImageInUse[] = [];
  const unread: string[] = [];
  for (const one of protect) {
    const { image, by, unread: isUnread } = typeof one === "object" && one !== null ? (one as ImageInUse) : { image: one };
    if (typeof image !== "string" || (typeof one === "string" && !image.includes("/"))) {
      names.push(one);
      continue;
    }
    references.push({ image, by });
    const label = by === undefined ? image : `${image} (${by})`;
    const parsed = isUnread ? undefined : parseReference(image);
    if (parsed === undefined) unread.push(label);
    // Images of other registries cannot be in any package here.
    if (parsed === undefined || parsed.registry !== registryHost) continue;
    const key = `${parsed.owner}/${parsed.name}`;
    const used = uses.get(key) ?? [];
    uses.set(key, used);
    used.push({ name: parsed.digest ?? parsed.tag ?? "latest", label });
  }
  return { names, uses, references, unread };
}

/** Returns what an entry of `protect` is called, in full and by its tag or digest alone. */
export function namesIn(protect: readonly unknown[]): string[] {
  return protect.flatMap((one) => {
    const name = String(typeof one === "object" && one !== null ? (one as ImageInUse).image : one);
    const { tag, digest } = parseReference(name) ?? {};
    return [name, tag, digest].filter((each) => each !== undefined);
  });
}

/** Sums up the images in use; `undefined` if there are none. */
export function summaryOf({ uses, references, unread }: SortedProtection, name: PackageName): InUseSummary | undefined {
  if (references.length === 0) return undefined;
  const from = [...new Set(references.flatMap(({ by }) => by ?? []))];
  return { references: references.length, here: usesOf(uses, name).length, from, unread: [...new Set(unread)] };
}

/** Reports whether a version of this package is in use. */
export function isInUse({ uses }: SortedProtection, name: PackageName): boolean {
  return usesOf(uses, name).length > 0;
}

/** Returns the digests and tags that are protected in this package, as the inputs show them, each once. */
export function protectedNames({ names, uses }: SortedProtection, name: PackageName): unknown[] {
  return [...new Set([...names, ...usesOf(uses, name).map((use) => use.name)])];
}

/**
 * Returns the digests that images in use protect: the one named, the one that a tag points to now, and the indexes that
 * list it. Protecting only the tag is not sufficient, because it may move after the workload has pulled its digest.
 */
export function digestsInUse(graph: Graph, { uses }: SortedProtection, name: PackageName): string[] {
  const found = usesOf(uses, name).flatMap((use) => nodesNamed(graph, use.name));
  const held = new Set(found);
  for (const node of held) {
    for (const above of graph.keptBy[node] ?? []) if (graph.nodes[node]?.role === "child") held.add(above);
  }
  return [...held].map((node) => graph.nodes[node]?.version.digest ?? "").sort();
}

/** Describes the images that are in use but missing from the package, and how to restore them; `undefined` if none is missing. */
export function missingInUse(graph: Graph, { uses }: SortedProtection, name: PackageName, restore: readonly string[]): string | undefined {
  // Images being restored are not reported. A plan id may cover any of them.
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
