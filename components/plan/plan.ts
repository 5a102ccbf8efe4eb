import { type Graph, indicesWhere, isDangling, type Node, withoutSubjectEdges } from "../graph/graph";
import { reachableMask } from "../graph/reachability";
import { packageLabel } from "../model/errors";
import type { Verdict } from "../rules/evaluate";
import type { Policy } from "../rules/policy";
import { DeletionSet } from "./deletion-set";
import { deployedVersions, undetermined } from "./deployed";
import { judge, momentOf, type SeenByRules } from "./judge";
import { subjectElsewhere } from "./neighbours";
import type { Day } from "./plan-id";
import { isHeld, isOwnHold, type OwnHold, type StayReason } from "./stay-reason";
import { lastChange } from "./subjects";
import { explainWithheld, type Withheld } from "./withheld";

/** The part of a policy that a plan depends on. */
export interface PlanPolicy extends Pick<Policy, "rules" | "protect" | "minimumAge" | "inUse"> {
  /** Those of the names in `protect` that are there because `restore` names them. */
  readonly restored?: readonly string[];
}

export interface PlanOptions {
  /** Versions created or changed after the start of this day are invisible to delete rules, and stay. */
  readonly asOf: Day;
  /** Digests approved earlier as parts of an image that is gone: rules do not see them as images, and they may go. */
  readonly leftovers?: ReadonlySet<string>;
}

/** The versions that would be deleted as of a day, and why each version goes or stays. */
export interface Plan {
  readonly asOf: Day;
  /** What the rules judged. Its graph has the edges of referrers that go by their own tags, which the graph of `deletions` lacks. */
  readonly seen: SeenByRules;
  readonly deletions: DeletionSet;
  /** The rules' verdict by node. Nodes that no rule sees have none. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** The reason of each node that stays for its own sake. */
  readonly stays: ReadonlyMap<number, StayReason>;
  readonly withheld: readonly Withheld[];
  /** Digests whose manifests decide whether they may go: read them and plan again. Until then they stay (S3). */
  readonly unread: readonly string[];
  /** Digests that stay until GitHub says whether they run, in the order of deletion: ask and plan again. */
  readonly doubtful: readonly string[];
}

/** Computes the plan. Pure: the same inventory and policy give the same plan, in whatever order versions were listed. */
export function computePlan(observed: Graph, policy: PlanPolicy, { asOf, leftovers = new Set() }: PlanOptions): Plan {
  const parts = new Set(indicesWhere(observed, ({ version, userTags }) => leftovers.has(version.digest) && userTags.length === 0));
  const seen: SeenByRules = { graph: observed, asOf, leftovers: parts };
  const moment = momentOf(seen);
  const verdicts = judge(seen, policy.rules);
  const graph = withoutSubjectEdges(observed, goingByOwnTags(observed, verdicts));
  const stays = ownReasonsToStay(graph, policy, { moment, verdicts, parts });
  for (const [node, deployed] of deployedVersions(graph)) if (!isHeld(stays.get(node))) stays.set(node, deployed);
  const guessed = holdSubjects(observed, stays);

  const selected = indicesWhere(graph, (_, index) => verdicts.get(index)?.action === "delete" || parts.has(index));
  const reached = reachableMask(graph, selected);
  const expiring = indicesWhere(graph, (_, index) => reached[index] === 1);
  let mayGo = expiring.filter((node) => !stays.has(node));
  const unlessDeployed = DeletionSet.largestSafe(graph, mayGo);
  const undecided = policy.inUse === undefined ? nobody : undetermined(graph, policy.inUse, unlessDeployed);
  for (const [node, because] of undecided) stays.set(node, because);
  let deletions = undecided.size === 0 ? unlessDeployed : DeletionSet.largestSafe(graph, without(mayGo, undecided));
  const doubtful = undecided.size === 0 ? [] : left(unlessDeployed, deletions);
  const reserved = reserveOne(graph, deletions);
  if (reserved !== undefined) {
    stays.set(reserved.node, reserved.because);
    mayGo = mayGo.filter((node) => node !== reserved.node);
    deletions = DeletionSet.largestSafe(graph, without(mayGo, undecided));
  }
  return {
    asOf,
    seen,
    deletions,
    verdicts,
    stays,
    withheld: explainWithheld(graph, verdicts, stays, deletions),
    unread: unreadIn(graph, [
      ...graph.unclassified,
      ...expiring.filter((node) => guessed.above.has(node)),
      ...(expiring.some((node) => guessed.beside.has(node)) ? guessed.above : []),
      ...freeIn(graph, mayGo),
    ]),
    doubtful,
  };
}

const nobody: ReadonlyMap<number, StayReason> = new Map();

function without(nodes: readonly number[], held: ReadonlyMap<number, unknown>): readonly number[] {
  return held.size === 0 ? nodes : nodes.filter((node) => !held.has(node));
}

/** Returns the digests of a set that a smaller one lacks, in the order of deletion. */
function left(all: DeletionSet, some: DeletionSet): string[] {
  const going = new Set(some.digests());
  return all.inOrder().flatMap(({ digest }) => (going.has(digest) ? [] : [digest]));
}

/** Returns the referrers that go by their own tags, although their subject may stay: people tagged them, and delete rules cover all the tags. */
function goingByOwnTags(graph: Graph, verdicts: ReadonlyMap<number, Verdict>): number[] {
  return indicesWhere(
    graph,
    ({ role, userTags }, index) => role === "referrer" && userTags.length > 0 && verdicts.get(index)?.action === "delete",
  );
}

interface Circumstances {
  /** Epoch milliseconds. */
  readonly moment: number;
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** Leftovers: parts of images that are gone. */
  readonly parts: ReadonlySet<number>;
}

/** Returns the nodes that stay for their own sake, whatever becomes of what needs them. */
function ownReasonsToStay(graph: Graph, policy: PlanPolicy, { moment, verdicts, parts }: Circumstances): Map<number, StayReason> {
  const [protectedNames, restored] = [new Set(policy.protect), new Set(policy.restored)];
  const protectedBy = ({ digest, tags }: Node["version"]) => [digest, ...tags].filter((name) => protectedNames.has(name));
  const stays = new Map<number, StayReason>();
  for (let index = 0; index < graph.nodes.length; index++) {
    const node = graph.nodes[index] as Node;
    const { version, role, userTags } = node;
    const verdict = verdicts.get(index);
    const protecting = protectedBy(version);
    if (protecting.length > 0) {
      stays.set(index, { kind: "protected", ...(protecting.every((name) => restored.has(name)) ? { by: "restore" } : {}) });
    } else if (moment - lastChange(node) < policy.minimumAge) {
      stays.set(index, { kind: "young" });
    } else if (parts.has(index)) {
      // Its image was approved and is gone.
    } else if (verdict?.action === "keep") {
      stays.set(index, { kind: "kept-by-rule", rule: verdict.rule });
    } else if (verdict?.action !== "delete" && isDangling(node)) {
      const [foundIn] = subjectElsewhere(graph, node).foundIn.map((name) => packageLabel({ ...graph.inventory.package, name }));
      stays.set(index, { kind: "dangling", ...(foundIn === undefined ? {} : { foundIn }) });
    } else if (verdict?.action !== "delete" && (role === "root" || userTags.length > 0)) {
      const [derived] = userTags.length === 0 ? version.tags : [];
      stays.set(index, derived === undefined ? { kind: "no-rule" } : { kind: "only-derived-tags", tag: derived });
    }
  }
  return stays;
}

/** Nodes that are held as a precaution, because a manifest was not read. */
interface Guessed {
  /** Unread nodes, and those above them. */
  readonly above: ReadonlySet<number>;
  /** Nodes listed beside an unread one, which may be its subject; their own subjects are held with them. */
  readonly beside: ReadonlySet<number>;
}

/**
 * Holds the subjects of protected, young and kept referrers: an image that was just signed, or whose SBOM is protected, is in
 * use, and a copy of a referrer that a rule keeps takes its subject along.
 * The subject of an unread manifest may be any node above it, or one that an index lists beside it; of the latter only
 * those with a subject of their own hold anything further.
 */
function holdSubjects(graph: Graph, stays: Map<number, StayReason>): Guessed {
  const [above, beside] = [new Set<number>(), new Set<number>()];
  const opened = new Set<number>();
  const queue = [...stays].flatMap(([node, reason]) => (isOwnHold(reason) ? [{ node, referrer: reason }] : []));
  const isKept = (node: number) => isHeld(stays.get(node));
  const hold = (subject: number, referrer: OwnHold) => {
    if (!isKept(subject)) stays.set(subject, { kind: "held-by-referrer", referrer });
    queue.push({ node: subject, referrer });
  };
  // The queue grows during the walk.
  for (const { node, referrer } of queue) {
    const isUnread = graph.nodes[node]?.manifest === undefined;
    if (isUnread) above.add(node);
    const guess = above.has(node);
    const subjects = guess ? graph.keptBy[node] : graph.nodes[node]?.subjects;
    for (const subject of subjects ?? []) {
      if (isKept(subject) && (!guess || above.has(subject))) continue;
      if (guess) above.add(subject);
      hold(subject, referrer);
    }
    if (!isUnread) continue;
    for (const sibling of referrersBeside(graph, node, opened)) {
      if (isKept(sibling)) continue;
      beside.add(sibling);
      hold(sibling, referrer);
    }
  }
  return { above, beside };
}

/** Returns the nodes with a subject that an index lists beside a node; opens each index once. */
function referrersBeside({ keptBy, nodes, byDigest }: Graph, node: number, opened: Set<number>): number[] {
  const indexes = (keptBy[node] ?? []).filter((keeper) => !opened.has(keeper));
  for (const index of indexes) opened.add(index);
  const listed = indexes.flatMap((index) => nodes[index]?.manifest?.children ?? []);
  return listed.map(({ digest }) => byDigest.get(digest) ?? node).filter((index) => (nodes[index]?.subjects.length ?? 0) > 0);
}

/**
 * Reserves one version, since GitHub refuses to delete the last tagged version of a package (scheme tags count) and its last
 * version: the newest image with a user's tag, where there is one, rather than a signature without its image.
 */
function reserveOne(graph: Graph, deletions: DeletionSet): { node: number; because: StayReason } | undefined {
  const tagged = indicesWhere(graph, ({ version }) => version.tags.length > 0);
  const images = tagged.filter((node) => (graph.nodes[node] as Node).role === "root");
  const candidates = [images, tagged].find(({ length }) => length > 0) ?? indicesWhere(graph, () => true);
  const [node] = candidates;
  if (node === undefined || candidates.some((candidate) => !deletions.has(candidate))) return undefined;
  return { node, because: { kind: tagged.length > 0 ? "last-tagged" : "last-version" } };
}

/** Returns the nodes that nothing retained needs: only their unread manifests are in the way. Shared children that stay need no reading. */
function freeIn(graph: Graph, mayGo: readonly number[]): number[] {
  const going = new Set(mayGo);
  const retained = reachableMask(
    graph,
    indicesWhere(graph, (_, node) => !going.has(node)),
  );
  return mayGo.filter((node) => !retained[node]);
}

function unreadIn(graph: Graph, indices: readonly number[]): string[] {
  const nodes = [...new Set(indices)].map((node) => graph.nodes[node] as Node);
  return nodes.filter(({ manifest }) => manifest === undefined).map(({ version }) => version.digest);
}
