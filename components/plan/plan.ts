import { type Graph, indicesWhere, type Node } from "../graph/graph";
import { reachableMask } from "../graph/reachability";
import { evaluate, seenBy, type Verdict } from "../rules/evaluate";
import type { Policy } from "../rules/policy";
import { DeletionSet } from "./deletion-set";
import { type Day, startOf } from "./plan-id";
import { lastChange, subjectsOf } from "./subjects";
import { explainWithheld, isProtected, isYoung, type Withheld } from "./withheld";

/** What a plan asks of a policy. */
export type PlanPolicy = Pick<Policy, "rules" | "protect" | "minimumAge">;

export interface PlanOptions {
  /** Everything created or changed after this day's start is invisible to the delete rules, and stays. */
  readonly asOf: Day;
  /** Digests approved earlier as parts of an image that is gone by now: no images to the rules, but free to go. */
  readonly leftovers?: ReadonlySet<string>;
}

/** What would be deleted and why, as of a day. */
export interface Plan {
  readonly asOf: Day;
  readonly deletions: DeletionSet;
  /** Per node: what the rules say of it. Nodes that rules do not see have none. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** Per node that stays for its own sake: why. */
  readonly stays: ReadonlyMap<number, string>;
  readonly withheld: readonly Withheld[];
  /** Would go, had it been read: read these and plan again. Until then they stay (S3). */
  readonly unread: readonly string[];
}

/** Computes the plan. Pure: the same world and policy give the same plan, in whatever order the world was listed. */
export function computePlan(graph: Graph, policy: PlanPolicy, { asOf, leftovers = new Set() }: PlanOptions): Plan {
  // A day to come would make everything old: nothing is judged by a later clock than GitHub's (S7).
  const moment = Math.min(startOf(asOf), graph.inventory.now);
  const parts = new Set(indicesWhere(graph, ({ version, userTags }) => leftovers.has(version.digest) && userTags.length === 0));
  const verdicts = evaluateRules(graph, policy, moment, parts);
  const stays = ownReasonsToStay(graph, policy, moment, verdicts, parts);
  const guessed = holdSubjects(graph, stays);

  const selected = indicesWhere(graph, (_, index) => verdicts.get(index)?.action === "delete" || parts.has(index));
  const reached = reachableMask(graph, selected);
  const expiring = indicesWhere(graph, (_, index) => reached[index] === 1);
  let mayGo = expiring.filter((node) => !stays.has(node));
  let deletions = DeletionSet.largestSafe(graph, mayGo);
  const reserved = reserveOne(graph, deletions);
  if (reserved !== undefined) {
    stays.set(reserved.node, reserved.because);
    mayGo = mayGo.filter((node) => node !== reserved.node);
    deletions = DeletionSet.largestSafe(graph, mayGo);
  }
  return {
    asOf,
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
  };
}

function evaluateRules(graph: Graph, policy: PlanPolicy, moment: number, parts: ReadonlySet<number>): Map<number, Verdict> {
  const isSeen = seenBy(policy.rules);
  const visible = indicesWhere(graph, (node, index) => isSeen(node) && !parts.has(index) && lastChange(node) <= moment);
  const verdicts = evaluate(subjectsOf(graph, visible), policy.rules, moment);
  return new Map(visible.map((node, index) => [node, verdicts[index] as Verdict]));
}

/** Nodes that stay whatever happens to what they hang on, each with the reason. */
function ownReasonsToStay(
  graph: Graph,
  policy: PlanPolicy,
  moment: number,
  verdicts: ReadonlyMap<number, Verdict>,
  parts: ReadonlySet<number>,
): Map<number, string> {
  const protectedNames = new Set(policy.protect);
  const stays = new Map<number, string>();
  for (let index = 0; index < graph.nodes.length; index++) {
    const node = graph.nodes[index] as Node;
    const { version, role, userTags, subjects } = node;
    const verdict = verdicts.get(index);
    if (protectedNames.has(version.digest) || version.tags.some((tag) => protectedNames.has(tag))) {
      stays.set(index, isProtected);
    } else if (moment - lastChange(node) < policy.minimumAge) {
      stays.set(index, isYoung);
    } else if (parts.has(index)) {
      // Its image was approved and is gone.
    } else if (verdict?.action === "keep") {
      stays.set(index, `kept by ${verdict.rule}`);
    } else if (verdict?.action !== "delete" && role === "referrer" && subjects.length === 0) {
      stays.set(index, "its subject is not in this package");
    } else if (verdict?.action !== "delete" && (role === "root" || userTags.length > 0)) {
      stays.set(index, "no rule deletes it");
    }
  }
  return stays;
}

/** What is held without knowing, since something was not read. */
interface Guessed {
  /** Unread, or above what is. */
  readonly above: ReadonlySet<number>;
  /** Beside what is unread, and its subject perhaps; what these refer to goes with them. */
  readonly beside: ReadonlySet<number>;
}

/**
 * What somebody has just signed, or whose description is protected, is in use itself. The subject of what was not read
 * may be anything above it, or stand beside it in an index; of the latter only what refers to something itself holds more.
 */
function holdSubjects(graph: Graph, stays: Map<number, string>): Guessed {
  const [above, beside] = [new Set<number>(), new Set<number>()];
  const opened = new Set<number>();
  const queue = [...stays].filter(([, because]) => because === isProtected || because === isYoung);
  const isHeld = (node: number) => {
    const own = stays.get(node);
    return own === isProtected || own === isYoung || own?.startsWith("a referrer of it") === true;
  };
  const hold = (subject: number, because: string) => {
    if (!isHeld(subject)) stays.set(subject, `a referrer of it is ${because}`);
    queue.push([subject, because]);
  };
  // It grows while it is walked.
  for (const [node, because] of queue) {
    const isUnread = graph.nodes[node]?.manifest === undefined;
    if (isUnread) above.add(node);
    const guess = above.has(node);
    const subjects = guess ? graph.keptBy[node] : graph.nodes[node]?.subjects;
    for (const subject of subjects ?? []) {
      if (isHeld(subject) && (!guess || above.has(subject))) continue;
      if (guess) above.add(subject);
      hold(subject, because);
    }
    if (!isUnread) continue;
    for (const sibling of referrersBeside(graph, node, opened)) {
      if (isHeld(sibling)) continue;
      beside.add(sibling);
      hold(sibling, because);
    }
  }
  return { above, beside };
}

/** What an index lists beside a node, and refers to something itself; of each index once. */
function referrersBeside({ keptBy, nodes, byDigest }: Graph, node: number, opened: Set<number>): number[] {
  const indexes = (keptBy[node] ?? []).filter((keeper) => !opened.has(keeper));
  for (const index of indexes) opened.add(index);
  const listed = indexes.flatMap((index) => nodes[index]?.manifest?.children ?? []);
  return listed.map(({ digest }) => byDigest.get(digest) ?? node).filter((index) => (nodes[index]?.subjects.length ?? 0) > 0);
}

/**
 * GitHub refuses to delete the last tagged version of a package (scheme tags count), and the last version of all, so one is
 * reserved: the newest image that people tagged, where there is one. A signature that lost its image is not what should be left.
 */
function reserveOne(graph: Graph, deletions: DeletionSet): { node: number; because: string } | undefined {
  const tagged = indicesWhere(graph, ({ version }) => version.tags.length > 0);
  const images = tagged.filter((node) => (graph.nodes[node] as Node).role === "root");
  const candidates = [images, tagged].find(({ length }) => length > 0) ?? indicesWhere(graph, () => true);
  const [node] = candidates;
  if (node === undefined || candidates.some((candidate) => !deletions.has(candidate))) return undefined;
  return {
    node,
    because: tagged.length > 0 ? "GitHub refuses to delete the last tagged version" : "GitHub refuses to delete the last version",
  };
}

/** Those that nothing which must stay keeps: what of them is unread is all that is in the way. Shared children that stay need no reading. */
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
