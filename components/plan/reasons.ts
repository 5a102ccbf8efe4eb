import type { Node } from "../graph/graph";
import { reachableFrom } from "../graph/reachability";
import { describeAge } from "../rules/duration";
import { ageOf } from "../rules/evaluate";
import { nameOf } from "./node-names";
import type { Plan } from "./plan";
import { startOf } from "./plan-id";

/** One deletion for people: an image, or a part of one. */
export interface DeletionReason {
  readonly node: number;
  /** The image that goes and takes this along; an image names itself. */
  readonly image: number;
  /** What it is for its image: `linux/arm64`; absent for the image itself. */
  readonly as?: string;
  readonly text: string;
}

/** Why each member of the plan goes, as of the plan's day, so that a text stays the same until it is carried out. */
export function deletionReasons(plan: Plan): Map<number, DeletionReason> {
  const { graph } = plan.deletions;
  const members = plan.deletions.nodes();
  const images = members.filter((node) => plan.verdicts.get(node)?.action === "delete");
  // A tagged child that goes is an image of its own, so it is no part of the index that lists it.
  const ways = reachableFrom(graph, images);
  return new Map(
    members.map((node) => {
      const way = ways.get(node);
      if (way === undefined) return [node, leftover(node)];
      if (way.from === undefined) return [node, { node, image: node, text: imageReason(plan, node) }];
      let image = way.from;
      for (let up = ways.get(image)?.from; up !== undefined; up = ways.get(image)?.from) image = up;
      const above = graph.nodes[way.from] as Node;
      return [node, { node, image, as: way.as, text: `${way.as} of ${nameOf(above)}` }];
    }),
  );
}

function leftover(node: number): DeletionReason {
  return { node, image: node, text: "part of an image that is deleted already" };
}

/** Was this reason given for an untagged image, and not for a part of one? */
export function isOfUntaggedImage(reason: string): boolean {
  return reason.startsWith(untaggedImage);
}

const untaggedImage = "untagged, ";

function imageReason(plan: Plan, index: number): string {
  const node = plan.deletions.graph.nodes[index] as Node;
  const { version, userTags } = node;
  const verdict = plan.verdicts.get(index);
  const rules = verdict?.action === "delete" ? verdict.rules.join(", ") : "";
  const age = describeAge(ageOf({ userTags, createdAt: version.createdAt, updatedAt: version.updatedAt }, startOf(plan.asOf)));
  return userTags.length > 0 ? `${nameOf(node)}, ${age} old (${rules})` : `${untaggedImage}${age} old, nothing needs it (${rules})`;
}
