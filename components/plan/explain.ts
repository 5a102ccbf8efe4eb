import type { Graph, Node } from "../graph/graph";
import { evaluateAll, type Opinion } from "../rules/evaluate";
import { ageOf } from "../rules/matcher";
import type { Policy } from "../rules/policy";
import { nameOf } from "./node-names";
import { computePlan } from "./plan";
import { type Day, startOf } from "./plan-id";
import { deletionReasons } from "./reasons";
import { lastChange, subjectsOf } from "./subjects";
import { reasonToStay } from "./withheld";

/** Why one version stays or goes. Ages are milliseconds at the start of `asOf`. */
export interface Explanation {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly role: Node["role"];
  readonly asOf: Day;
  /** `goes`: the plan deletes it, once approved. */
  readonly verdict: "goes" | "stays";
  readonly because: string;
  /** Every rule that matches it, with what it says. */
  readonly rules: readonly Opinion[];
  /** What keeps it alive, directly: `linux/arm64 of prod`. */
  readonly neededBy: readonly string[];
  /** What it keeps alive, directly. */
  readonly needs: readonly string[];
  readonly missing: readonly string[];
  /** The age that `olderThan` goes by unless a rule says otherwise, and since when by creation and last change (ISO 8601). */
  readonly age: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Explains the version that a digest, a digest's beginning, or a tag names; `undefined` where there is none. Pure. */
export function explain(graph: Graph, policy: Policy, asOf: Day, reference: string): Explanation | undefined {
  const index = find(graph, reference);
  if (index === undefined) return undefined;
  const node = graph.nodes[index] as Node;
  const { version, userTags, role } = node;
  const plan = computePlan(graph, policy, { asOf });
  const goes = plan.deletions.has(index);
  return {
    digest: version.digest,
    tags: version.tags,
    role,
    asOf,
    verdict: goes ? "goes" : "stays",
    because: goes ? (deletionReasons(plan).get(index)?.text ?? "") : reasonToStay(plan, index),
    rules: opinionsOn(graph, policy, asOf, index),
    neededBy: keepersOf(graph, index),
    needs: (graph.keeps[index] ?? []).map(({ to, as }) => `${as} ${nameOf(graph.nodes[to] as Node)}`),
    missing: node.missingChildren,
    age: ageOf({ ...version, userTags }, startOf(asOf)),
    createdAt: new Date(version.createdAt).toISOString(),
    updatedAt: new Date(version.updatedAt).toISOString(),
  };
}

function find(graph: Graph, reference: string): number | undefined {
  const byTag = graph.nodes.findIndex(({ version }) => version.tags.includes(reference));
  if (byTag >= 0) return byTag;
  if (!/^sha(256|512):[0-9a-f]/.test(reference)) return undefined;
  const matches = graph.nodes.flatMap(({ version }, index) => (version.digest.startsWith(reference) ? [index] : []));
  return matches.length === 1 ? matches[0] : undefined;
}

function opinionsOn(graph: Graph, policy: Policy, asOf: Day, index: number): readonly Opinion[] {
  const moment = startOf(asOf);
  const visible = graph.nodes.flatMap((node, each) => (lastChange(node) <= moment ? [each] : []));
  return evaluateAll(subjectsOf(graph, visible), policy.rules, moment)[visible.indexOf(index)]?.opinions ?? [];
}

function keepersOf(graph: Graph, index: number): string[] {
  return (graph.keptBy[index] ?? []).map((keeper) => {
    const edge = graph.keeps[keeper]?.find(({ to }) => to === index);
    return `${edge?.as ?? "part"} of ${nameOf(graph.nodes[keeper] as Node)}`;
  });
}
