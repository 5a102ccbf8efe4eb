import type { Graph, Node } from "../graph/graph";
import type { Reasons } from "../plan/deletion-reason";
import { type Day, planIdOf } from "../plan/plan-id";
import type { Policy } from "../rules/policy";
import type { LimitBreach } from "./limits";
import type { PolicyChange } from "./policy-changes";
import type { Sightings } from "./sightings";

/** The version ids that a plan was approved for: rules decided about images, and parts belong to them. */
export interface ApprovedIds {
  readonly images: readonly number[];
  readonly parts: readonly number[];
  /** Tags of the approved versions, sorted: a version that gained another tag since is in use again. */
  readonly tags: readonly string[];
  /** The plans that were being carried out when this one was shown: whoever approves it approves the rest of them as well. */
  readonly continues?: readonly string[];
  /** {@link digestPrefix}es of what was approved as well and did not go: a run that lost its engine may delete it all the same. */
  readonly kept?: readonly string[];
  /** Nobody approved it: the policy lets plans go by themselves. */
  readonly automatic?: true;
}

/** The images that a plan deletes, so that they can be restored. Digests are {@link digestPrefix}es. */
export interface DeletedImages {
  /** Each image, followed by its parts. */
  readonly images: readonly (readonly string[])[];
  /** Each tag that went, to its image. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Returns the first sixteen hex digits of a digest, which tell the versions of one package apart. */
export function digestPrefix(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1).slice(0, 16);
}

/** A plan that waits for approval. */
export interface Pending {
  readonly id: string;
  readonly deletions: Reasons;
  /** Each tag of these versions, scheme tags included, to the version's {@link digestPrefix}: GitHub may not list the tags of deleted versions. */
  readonly tags: Readonly<Record<string, string>>;
  /** The plans that are being carried out meanwhile: whoever approves this one approves the rest of them as well. */
  readonly continues?: readonly string[];
  /** The limit that keeps anybody from approving it. */
  readonly refused?: LimitBreach;
}

/** What took the place of a plan that waited. */
export interface Replaced {
  /** The plan that a run put in its place, if any. */
  readonly by?: string;
  /** The versions that this one has and the other had not. */
  readonly came: number;
  /** The versions that the other had and this one has not. */
  readonly went: number;
  /** The differences between the policies of the two runs. */
  readonly changes: readonly PolicyChange[];
}

/** The stack's record from run to run. */
export interface ApprovalRecord {
  /** Deleted under this policy, or approved to go: cumulative. */
  readonly deletions: Reasons;
  /** Approved plans by id, with the versions that they may still delete. A finished id stays while the config names it. */
  readonly plans: Readonly<Record<string, ApprovedIds>>;
  readonly pending?: Pending;
  /** The last plans that waited and were replaced before anybody approved them, by id, the latest last. */
  readonly replaced?: Readonly<Record<string, Replaced>>;
  /** The policy of the run that left this record. */
  readonly policy?: Policy;
  /** With `grace`: the day on which each version was first recorded as deletable, by digest. */
  readonly candidates?: Readonly<Record<string, Day>>;
  /** Deleted images by plan id, as long as they can be restored. */
  readonly deleted?: Readonly<Record<string, DeletedImages>>;
  /** Versions to restore that are not back yet, by digest, with the reason of their deletion. */
  readonly restoring?: Reasons;
  /** What runs saw of the package's tags; absent before the first one. */
  readonly sightings?: Sightings;
  /** No run of this resource has left a record. */
  readonly isNew?: true;
}

export interface StillThere {
  readonly all: ReadonlySet<string>;
  readonly parts: ReadonlySet<string>;
}

/** Returns what approvals on record cover and is neither gone nor tagged anew. A digest that was pushed again has another version id, and is new. */
export function stillThere(graph: Graph, record: ApprovalRecord): StillThere {
  const all = new Set<string>();
  const parts = new Set<string>();
  for (const plan of Object.values(record.plans)) {
    const images = new Set(plan.images);
    const ownParts = new Set(plan.parts);
    for (const digest of withTagsOnly(graph, Object.keys(record.deletions), plan.tags)) {
      const { id } = nodeOf(graph, digest).version;
      if (images.has(id) || ownParts.has(id)) all.add(digest);
      if (ownParts.has(id)) parts.add(digest);
    }
  }
  return { all, parts };
}

/** Returns the digests that exist and have no tags but these. */
export function withTagsOnly(graph: Graph, digests: readonly string[], tags: readonly string[]): string[] {
  const approved = new Set(tags);
  return digests.filter((digest) => graph.byDigest.has(digest) && nodeOf(graph, digest).userTags.every((tag) => approved.has(tag)));
}

export function nodeOf(graph: Graph, digest: string): Node {
  return graph.nodes[graph.byDigest.get(digest) ?? -1] as Node;
}

export function tagsOf(graph: Graph, digests: readonly string[]): string[] {
  return digests.flatMap((digest) => nodeOf(graph, digest).userTags).sort();
}

/** Maps every tag of these versions to its version. */
export function tagMapOf(graph: Graph, digests: readonly string[]): Record<string, string> {
  const entries = digests.flatMap((digest) => nodeOf(graph, digest).version.tags.map((tag) => [tag, digestPrefix(digest)] as const));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns the id of a plan of these versions; `continues` are the plans that it goes on with. */
export function idOf(graph: Graph, asOf: Day, digests: readonly string[], continues: readonly string[] = []): string {
  const members = digests.map((digest) => ({ digest, tags: nodeOf(graph, digest).userTags }));
  return planIdOf(graph.inventory.package, asOf, members, continues);
}
