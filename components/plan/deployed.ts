import type { Graph, Node } from "../graph/graph";
import { schemesOf } from "../graph/tag-schemes";
import type { DeletedVersion } from "../model/inventory";
import type { InUse } from "../rules/policy";
import type { DeletionSet } from "./deletion-set";
import type { InUseReason } from "./stay-reason";

type Deployed = Extract<InUseReason, { kind: "deployed" }>;
type Undetermined = Extract<InUseReason, { kind: "deployments-unknown" }>;

/** Returns the versions that GitHub records as deployed, and every index that lists one of them: workloads name either. */
export function deployedVersions(graph: Graph): Map<number, Deployed> {
  const held = new Map<number, Deployed>();
  for (const [digest, answer] of Object.entries(graph.inventory.deployments ?? {})) {
    const node = graph.byDigest.get(digest);
    if (node === undefined || answer.kind !== "answered" || answer.deployments.length === 0) continue;
    held.set(node, { kind: "deployed", deployments: answer.deployments });
  }
  // The map grows during the walk. What is recorded for a version itself says more than what is recorded for a part.
  for (const [node, { deployments, part }] of held) {
    for (const { keeper, as } of indexesAbove(graph, node)) {
      if (!held.has(keeper)) held.set(keeper, { kind: "deployed", deployments, part: part ?? as });
    }
  }
  return held;
}

/**
 * Returns the members of a set that stay because GitHub did not say whether they, or something that they list, run. A refusal counts
 * only where the policy requires an answer; an error, and a question that was not asked, always do.
 */
export function undetermined(graph: Graph, { github }: InUse, set: DeletionSet): Map<number, Undetermined> {
  const held = new Map<number, Undetermined>();
  for (const node of set.nodes()) {
    for (const digest of digestsThatMayRun(graph, node)) {
      const answer = graph.inventory.deployments?.[digest] ?? ({ kind: "unasked" } as const);
      if (answer.kind === "answered") continue;
      if (github === "optional" && (answer.kind === "user" || answer.kind === "refused")) continue;
      held.set(node, { kind: "deployments-unknown", because: answer });
      break;
    }
  }
  return held;
}

/** Returns the digests about which GitHub was not asked, of these versions and of what they list, in this order. */
export function unaskedAmong(graph: Graph, digests: Iterable<string>): string[] {
  const asked = graph.inventory.deployments ?? {};
  const all = [...digests].flatMap((digest) => digestsThatMayRun(graph, graph.byDigest.get(digest) ?? -1));
  return [...new Set(all)].filter((digest) => asked[digest] === undefined);
}

/** A request each in every preview; what was deleted lately is what somebody misses. */
const maxDeletedAsked = 30;

/** Returns the digests of deleted versions, about which GitHub was not asked: whether one of them still runs. Tagged ones first, then the latest. */
export function deletedToAsk({ byDigest, inventory }: Graph): string[] {
  const { deleted = [], deployments = {} } = inventory;
  const rank = ({ tags }: DeletedVersion) => (tags.length > 0 ? 0 : 1);
  const latest = [...deleted].sort((a, b) => rank(a) - rank(b) || (b.deletedAt ?? 0) - (a.deletedAt ?? 0));
  const gone = latest.map(({ digest }) => digest).filter((digest) => !byDigest.has(digest));
  return [...new Set(gone)].slice(0, maxDeletedAsked).filter((digest) => deployments[digest] === undefined);
}

/** Returns the digests of a version and of all that it lists, as far as a workload can run them. */
function digestsThatMayRun(graph: Graph, start: number): string[] {
  const parts = new Set(graph.nodes[start] === undefined ? [] : [start]);
  // The set grows during the walk.
  for (const node of parts) for (const { to, bySubject } of graph.keeps[node] ?? []) if (!bySubject) parts.add(to);
  return [...parts].filter((node) => mayRun(graph, node)).map((node) => (graph.nodes[node] as Node).version.digest);
}

/** Reports whether a workload can run a version. Nobody runs an attestation: asking for each would double the requests. */
function mayRun(graph: Graph, place: number): boolean {
  const { version, manifest, role, userTags } = graph.nodes[place] as Node;
  if (userTags.length > 0) return true;
  if (role === "referrer" && (manifest?.artifactType !== undefined || schemesOf(version).length > 0)) return false;
  const lists = (graph.keptBy[place] ?? []).map((keeper) => graph.nodes[keeper]?.manifest?.children ?? []);
  const listing = lists.filter((children) => children.some(({ digest }) => digest === version.digest));
  // An index that names platforms lists its attestations without one.
  const isForNoPlatform = listing.every(
    (children) =>
      children.some(({ platform }) => platform !== undefined) &&
      children.every(({ digest, platform, index }) => digest !== version.digest || (platform === undefined && !index)),
  );
  return listing.length === 0 || !isForNoPlatform;
}

interface Above {
  readonly keeper: number;
  /** What the version is for the one above it: `linux/arm64`. */
  readonly as: string;
}

function indexesAbove({ keeps, keptBy }: Graph, node: number): Above[] {
  return (keptBy[node] ?? []).flatMap((keeper) => {
    const edge = keeps[keeper]?.find(({ to, bySubject }) => to === node && !bySubject);
    return edge === undefined ? [] : [{ keeper, as: edge.as }];
  });
}
