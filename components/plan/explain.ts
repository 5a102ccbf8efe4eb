import type { Graph, Node } from "../graph/graph";
import type { LastTagged } from "../model/inventory";
import { evaluateAll, type Opinion } from "../rules/evaluate";
import { ageOf } from "../rules/matcher";
import type { Policy } from "../rules/policy";
import type { DeletionReason } from "./deletion-reason";
import { nameOf } from "./node-names";
import { computePlan } from "./plan";
import { type Day, startOf } from "./plan-id";
import { deletionReasons } from "./reasons";
import type { StayReason } from "./stay-reason";
import { judged, lastChange } from "./subjects";
import { reasonToStay } from "./withheld";

/** Why one version stays or goes; `messages/explanation.ts` makes it text. Ages are milliseconds at the start of `asOf`. */
export interface Explanation {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly role: Node["role"];
  readonly asOf: Day;
  /** `goes`: the plan deletes it, once approved. */
  /** The artifact type, or the config's media type, as `artifactType` conditions see it. */
  readonly artifactType?: string;
  readonly outcome:
    | { readonly verdict: "goes"; readonly reason: DeletionReason }
    | { readonly verdict: "stays"; readonly reason: StayReason };
  /** Every rule that matches it, with its effect. */
  readonly rules: readonly Opinion[];
  /** The versions that need it directly, and what it is for them. */
  readonly neededBy: readonly Relation[];
  /** The versions that it needs directly, and what they are for it. */
  readonly needs: readonly Relation[];
  /** Digests that it lists and the package does not hold. */
  readonly missing: readonly string[];
  /** The age that `olderThan` compares unless a rule says otherwise, milliseconds; times of creation and last change in ISO 8601. */
  readonly age: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When a run last saw it tagged, where it has no tag now. */
  readonly lastTagged?: LastTagged;
}

/** `as` is `linux/arm64` or the like; `name` is that of the other version. */
export interface Relation {
  readonly as: string;
  readonly name: string;
}

/** Explains the version that a digest, a digest's beginning, or a tag names; `undefined` where there is none. Pure. */
export function explain(graph: Graph, policy: Policy, asOf: Day, reference: string): Explanation | undefined {
  const index = findVersion(graph, reference);
  if (index === undefined) return undefined;
  const node = graph.nodes[index] as Node;
  const { version, userTags, role } = node;
  const plan = computePlan(graph, policy, { asOf });
  const planned = plan.deletions.has(index) ? deletionReasons(plan).get(index) : undefined;
  return {
    digest: version.digest,
    tags: version.tags,
    role,
    ...(node.manifest?.artifactType === undefined ? {} : { artifactType: node.manifest.artifactType }),
    asOf,
    outcome: planned ? { verdict: "goes", reason: planned.reason } : { verdict: "stays", reason: reasonToStay(plan, index) },
    rules: opinionsOn(graph, policy, asOf, index),
    neededBy: keepersOf(graph, index),
    needs: (graph.keeps[index] ?? []).map(({ to, as }) => ({ as, name: nameOf(graph.nodes[to] as Node) })),
    missing: node.missingChildren,
    age: ageOf({ ...version, userTags }, startOf(asOf)),
    createdAt: new Date(version.createdAt).toISOString(),
    updatedAt: new Date(version.updatedAt).toISOString(),
    ...(version.lastTagged ? { lastTagged: version.lastTagged } : {}),
  };
}

/** Finds the version that a digest, a digest's beginning, or a tag names, as its index; `undefined` where there is none. */
export function findVersion(graph: Graph, reference: string): number | undefined {
  const byTag = graph.nodes.findIndex(({ version }) => version.tags.includes(reference));
  if (byTag >= 0) return byTag;
  if (!/^sha(256|512):[0-9a-f]/.test(reference)) return undefined;
  const matches = graph.nodes.flatMap(({ version }, index) => (version.digest.startsWith(reference) ? [index] : []));
  return matches.length === 1 ? matches[0] : undefined;
}

function opinionsOn(graph: Graph, policy: Policy, asOf: Day, index: number): readonly Opinion[] {
  const moment = startOf(asOf);
  const visible = graph.nodes.flatMap((node, each) => (lastChange(node) <= moment ? [each] : []));
  return evaluateAll(judged(graph, visible, moment), policy.rules)[visible.indexOf(index)]?.opinions ?? [];
}

function keepersOf(graph: Graph, index: number): Relation[] {
  return (graph.keptBy[index] ?? []).map((keeper) => {
    const edge = graph.keeps[keeper]?.find(({ to }) => to === index);
    return { as: edge?.as ?? "part", name: nameOf(graph.nodes[keeper] as Node) };
  });
}
