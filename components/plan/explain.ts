import type { Graph, Node } from "../graph/graph";
import { judgeAll, type Opinion } from "../rules/evaluate";
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
  const place = find(graph, reference);
  if (place === undefined) return undefined;
  const node = graph.nodes[place] as Node;
  const { version, userTags, role } = node;
  const plan = computePlan(graph, policy, { asOf });
  const goes = plan.deletions.has(place);
  return {
    digest: version.digest,
    tags: version.tags,
    role,
    asOf,
    verdict: goes ? "goes" : "stays",
    because: goes ? (deletionReasons(plan).get(place)?.text ?? "") : reasonToStay(plan, place),
    rules: opinionsOn(graph, policy, asOf, place),
    neededBy: keepersOf(graph, place),
    needs: (graph.keeps[place] ?? []).map(({ to, as }) => `${as} ${nameOf(graph.nodes[to] as Node)}`),
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
  const matches = graph.nodes.flatMap(({ version }, place) => (version.digest.startsWith(reference) ? [place] : []));
  return matches.length === 1 ? matches[0] : undefined;
}

function opinionsOn(graph: Graph, policy: Policy, asOf: Day, place: number): readonly Opinion[] {
  const moment = startOf(asOf);
  const visible = graph.nodes.flatMap((node, each) => (lastChange(node) <= moment ? [each] : []));
  return judgeAll(subjectsOf(graph, visible), policy.rules, moment)[visible.indexOf(place)]?.opinions ?? [];
}

function keepersOf(graph: Graph, place: number): string[] {
  return (graph.keptBy[place] ?? []).map((keeper) => {
    const edge = graph.keeps[keeper]?.find(({ to }) => to === place);
    return `${edge?.as ?? "part"} of ${nameOf(graph.nodes[keeper] as Node)}`;
  });
}
