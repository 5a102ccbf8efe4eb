import type { Decision } from "../approval/decide";
import type { Graph, Node } from "../graph/graph";
import { describeAge } from "../messages/age";
import { lastTaggedText } from "../messages/last-tagged";
import { stayText } from "../messages/stay-reason";
import { kindNameOf } from "../model/artifact-kinds";
import { movingTags } from "../plan/moving-tags";
import { nameOf, shortDigest } from "../plan/node-names";
import { dayOf, startOf } from "../plan/plan-id";
import { describeParts } from "../report/images-table";
import { ageOf } from "../rules/evaluate";
import type { PageNode } from "./browser/data";
import type { PlanReview } from "./finding";
import type { PackageReview } from "./review";
import { type VersionState, versionStates } from "./version-states";

/** Returns every version of an observed package. */
export function nodesOf(one: PackageReview, decision: Decision): PageNode[] {
  const { plan, candidates = {} } = decision;
  const { graph } = plan.deletions;
  const states = versionStates(one, decision);
  const withheld = new Map(plan.withheld.map((held) => [held.node, held]));
  const planned = new Map(one.plans.flatMap((all) => all.planned.map((image) => [image.digest, image] as const)));
  const asOf = startOf(plan.asOf);
  const moving = new Set(movingTags(graph, [...graph.nodes.keys()]).map(({ tag }) => tag));
  return graph.nodes.map((node, index) => {
    const { version, userTags, role, missingChildren } = node;
    const { digest, tags } = version;
    const { state, reason } = states[index] as VersionState;
    const image = planned.get(digest);
    const held = withheld.get(index);
    const stay = plan.stays.get(index);
    const says =
      image?.because ??
      reason ??
      (held && `matched by ${held.rules.join(", ")}, and stays as ${stayText(held.because, graph)}`) ??
      (state === "grace"
        ? `deletable since ${candidates[digest]}, and waits out its grace`
        : stay
          ? stayText(stay, graph)
          : neededAs(graph, index));
    const parts = (graph.keeps[index] ?? []).map(({ to, as }) => [to, as] as const);
    const moves = userTags.filter((tag) => moving.has(tag));
    const isImage = role === "root" || userTags.length > 0;
    return {
      name: nameOf(node),
      digest,
      tags,
      ...(moves.length === 0 ? {} : { moving: moves }),
      kind: kindOf(node),
      state,
      ...(isImage ? { age: image?.age || describeAge(ageOf({ ...version, userTags }, asOf)) } : {}),
      says,
      ...(parts.length === 0 ? {} : { has: describeParts(parts.map(([, as]) => as).sort()) }),
      why: [
        ...(image !== undefined && reason !== undefined ? [reason] : []),
        ...(missingChildren.length > 0 ? [`broken: ${missingChildren.length} of the manifests that it lists are not in the package`] : []),
        `created ${dayOf(version.createdAt)}, changed ${dayOf(version.updatedAt)}`,
        ...(version.lastTagged ? [lastTaggedText(version.lastTagged)] : []),
        ...(graph.keptBy[index] ?? []).slice(0, 10).map((keeper) => `part of ${nameOf(graph.nodes[keeper] as Node)}`),
      ],
      ...(missingChildren.length > 0 ? { broken: true as const } : {}),
      parts,
    };
  });
}

/** Returns the versions that a saved preview deletes, read from its inputs. */
export function nodesOfPlans(plans: readonly PlanReview[]): PageNode[] {
  const images = plans.flatMap(({ state, planned }) => planned.map((image) => ({ ...image, state })));
  const all = images.flatMap(({ digest, parts }) => [digest, ...parts.map((part) => part.digest)]);
  const places = new Map(all.map((digest, index) => [digest, index]));
  const under = (parts: (typeof images)[number]["parts"], digest: string) =>
    parts.flatMap(({ above, as, digest: part }) => (above === digest ? [[places.get(part) ?? -1, as] as const] : []));
  return images.flatMap(({ digest, tags, moving, tagsBefore, age, platforms, because, parts, state }) => [
    {
      name: tags.join(", ") || shortDigest(digest),
      digest,
      tags,
      ...(moving.length === 0 ? {} : { moving }),
      kind: "image",
      state,
      ...(age === "" ? {} : { age }),
      says: because,
      ...(parts.length === 0 ? {} : { has: platforms }),
      why: tagsBefore.length > 0 ? [`had been tagged ${tagsBefore.join(", ")}`] : [],
      parts: under(parts, digest),
    },
    ...parts.map(({ digest: part, as }) => ({
      name: shortDigest(part),
      digest: part,
      tags: [],
      kind: "part",
      state,
      says: `${as} of what goes`,
      why: [],
      parts: under(parts, part),
    })),
  ]);
}

/** Returns the nodes that are part of no other, and one node of each circle. */
export function rootsOf(nodes: readonly PageNode[]): number[] {
  const under = new Set(nodes.flatMap(({ parts }) => parts.map(([to]) => to)));
  const seen = new Set<number>();
  const roots: number[] = [];
  const indices = [...nodes.keys()];
  for (const start of [...indices.filter((index) => !under.has(index)), ...indices]) {
    if (seen.has(start)) continue;
    roots.push(start);
    const queue = [start];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      queue.push(...(nodes[at]?.parts ?? []).map(([to]) => to));
    }
  }
  return roots;
}

function neededAs(graph: Graph, index: number): string {
  const [keeper] = graph.keptBy[index] ?? [];
  if (keeper === undefined) return "nothing asks for its deletion";
  const edge = graph.keeps[keeper]?.find(({ to }) => to === index);
  return `stays as ${edge?.as ?? "part"} of ${nameOf(graph.nodes[keeper] as Node)}`;
}

function kindOf({ role, manifest }: Node): string {
  const name = kindNameOf(manifest?.artifactType);
  if (name !== undefined) return name;
  if (role === "root") return manifest?.index ? "index" : "image";
  return role === "child" ? "part" : "referrer";
}
