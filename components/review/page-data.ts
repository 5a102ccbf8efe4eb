import type { Decision } from "../approval/decide";
import type { Graph, Node } from "../graph/graph";
import { lastTaggedText } from "../messages/last-tagged";
import { stayText } from "../messages/stay-reason";
import { kindNameOf } from "../model/artifact-kinds";
import { nameOf, shortDigest } from "../plan/node-names";
import { alertText } from "../report/paragraph";
import type { PageData, PageNode, PagePackage } from "./browser/data";
import type { PlanReview } from "./finding";
import type { PackageReview, Review } from "./review";

/** Maximum versions that a browser draws with ease; of further packages only planned, withheld and broken versions are drawn. */
const maxNodes = 40_000;

/** The review with the graph of each package. Pure. */
export function pageData({ stack, organizations, notes, errors, packages }: Review): PageData {
  let room = maxNodes;
  const drawn = packages.map((one): PagePackage => {
    const { name, state, headline, alerts, notices, blocks, failure, decision } = one;
    const all = decision ? nodesOf(one, decision) : nodesOfPlans(one.plans);
    const nodes = all.length <= room ? all : notableOnly(all);
    room = Math.max(0, room - nodes.length);
    const plans = one.plans.map(({ id, state: of, text, approveWith }) => ({
      id,
      state: of,
      text,
      ...(approveWith ? { approveWith } : {}),
    }));
    const shown = alerts.map((alert) => ({ text: alertText(alert), broken: alert.kind === "broken" }));
    const common = { name, state, headline, alerts: shown, notices, blocks, ...(failure === undefined ? {} : { failure }) };
    const total = decision ? decision.plan.deletions.graph.nodes.length : (one.plans[0]?.total ?? nodes.length);
    return { ...common, plans, nodes, roots: rootsOf(nodes), left: Math.max(0, total - nodes.length) };
  });
  return { stack, organizations, notes, errors, packages: drawn };
}

/** Returns every version of an observed package. */
function nodesOf({ plans }: PackageReview, decision: Decision): PageNode[] {
  const { plan, candidates = {} } = decision;
  const { graph } = plan.deletions;
  const withheld = new Map(plan.withheld.map((one) => [one.node, one]));
  const planned = new Map(
    plans.flatMap(({ state, reasons }) => Object.entries(reasons).map(([digest, text]) => [digest, { state, text }])),
  );
  return graph.nodes.map((node, index) => {
    const { digest, tags } = node.version;
    const held = withheld.get(index);
    const going = planned.get(digest);
    const isWaiting = candidates[digest] !== undefined;
    const missing = node.missingChildren.length;
    const stay = plan.stays.get(index);
    const reason =
      going?.text ??
      (held && `matched by ${held.rules.join(", ")}, and stays as ${stayText(held.because, graph)}`) ??
      (isWaiting
        ? `deletable since ${candidates[digest]}, and waits out its grace`
        : stay
          ? stayText(stay, graph)
          : neededAs(graph, index));
    return {
      name: nameOf(node),
      digest,
      tags,
      kind: kindOf(node),
      state: going?.state ?? (held ? "withheld" : isWaiting ? "grace" : "stays"),
      why: [
        reason,
        ...(missing > 0 ? [`broken: ${missing} of the manifests that it lists are not in the package`] : []),
        `created ${day(node.version.createdAt)}, changed ${day(node.version.updatedAt)}`,
        ...(node.version.lastTagged ? [lastTaggedText(node.version.lastTagged)] : []),
        ...(graph.keptBy[index] ?? []).slice(0, 10).map((keeper) => `part of ${nameOf(graph.nodes[keeper] as Node)}`),
      ],
      ...(missing > 0 ? { broken: true as const } : {}),
      parts: (graph.keeps[index] ?? []).map(({ to, as }) => [to, as] as const),
    };
  });
}

/** Returns the versions that a saved preview deletes, read from its inputs. */
function nodesOfPlans(plans: readonly PlanReview[]): PageNode[] {
  const images = plans.flatMap(({ state, planned }) => planned.map((image) => ({ ...image, state })));
  const all = images.flatMap(({ digest, parts }) => [digest, ...parts.map((part) => part.digest)]);
  const places = new Map(all.map((digest, index) => [digest, index]));
  const under = (parts: (typeof images)[number]["parts"], digest: string) =>
    parts.flatMap(({ above, as, digest: part }) => (above === digest ? [[places.get(part) ?? -1, as] as const] : []));
  return images.flatMap(({ digest, tags, tagsBefore, age, because, parts, state }) => [
    {
      name: tags.join(", ") || shortDigest(digest),
      digest,
      tags,
      kind: "image",
      state,
      why: [
        age === "" ? because : `${age} old, deleted by ${because}`,
        ...(tagsBefore.length > 0 ? [`had been tagged ${tagsBefore.join(", ")}`] : []),
      ],
      parts: under(parts, digest),
    },
    ...parts.map(({ digest: part, as }) => ({
      name: shortDigest(part),
      digest: part,
      tags: [],
      kind: "part",
      state,
      why: [`${as} of what goes`],
      parts: under(parts, part),
    })),
  ]);
}

/** Leaves out versions that stay and need no mention, and renumbers the parts of the rest. */
function notableOnly(nodes: readonly PageNode[]): PageNode[] {
  const kept = nodes.flatMap((node, index) => (node.state === "stays" && !node.broken ? [] : [index]));
  const places = new Map(kept.map((index, now) => [index, now]));
  return kept.map((index) => {
    const node = nodes[index] as PageNode;
    return {
      ...node,
      parts: node.parts.flatMap(([to, as]) => {
        const now = places.get(to);
        return now === undefined ? [] : [[now, as] as const];
      }),
    };
  });
}

/** Returns the nodes that are part of no other, and one node of each circle. */
function rootsOf(nodes: readonly PageNode[]): number[] {
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

function day(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
