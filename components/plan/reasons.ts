import type { Node } from "../graph/graph";
import { reachableFrom } from "../graph/reachability";
import { ageOf } from "../rules/evaluate";
import type { DeletionReason } from "./deletion-reason";
import { nameOf } from "./node-names";
import type { Plan } from "./plan";
import { type Day, startOf } from "./plan-id";

/** A version that the plan deletes: an image, or a part of one. */
export interface PlannedDeletion {
  readonly node: number;
  /** The image that goes and takes this along; an image names itself. */
  readonly image: number;
  /** The node right above a part: it lists the part, or is its subject. */
  readonly above?: number;
  readonly reason: DeletionReason;
}

/**
 * Returns why each member of the plan goes. Ages are as of the plan's day unless `dayOf` names another one for a digest, such
 * as the day on which it was approved, so that reasons stay the same until the plan is applied.
 */
export function deletionReasons(plan: Plan, dayOf: (digest: string) => Day = () => plan.asOf): Map<number, PlannedDeletion> {
  const { graph } = plan.deletions;
  const members = plan.deletions.nodes();
  const images = members.filter((node) => plan.verdicts.get(node)?.action === "delete");
  // A tagged child that goes is an image of its own, so it is no part of the index that lists it.
  const paths = reachableFrom(graph, images);
  return new Map(
    members.map((node) => {
      const path = paths.get(node);
      if (path === undefined) return [node, { node, image: node, reason: { kind: "leftover" } }];
      if (path.from === undefined) return [node, { node, image: node, reason: imageReason(plan, node, dayOf) }];
      let image = path.from;
      for (let up = paths.get(image)?.from; up !== undefined; up = paths.get(image)?.from) image = up;
      const of = nameOf(graph.nodes[path.from] as Node);
      return [node, { node, image, above: path.from, reason: { kind: "part", as: path.as, of } }];
    }),
  );
}

function imageReason(plan: Plan, index: number, dayOf: (digest: string) => Day): DeletionReason {
  const { version, userTags, role } = plan.deletions.graph.nodes[index] as Node;
  const verdict = plan.verdicts.get(index);
  const rules = verdict?.action === "delete" ? verdict.rules : [];
  const age = ageOf({ ...version, userTags }, startOf(dayOf(version.digest)));
  const tags = userTags.length === 0 && role === "root" ? version.tags : userTags;
  if (tags.length > 0) return { kind: "tagged-image", tags, age, rules };
  const { lastTagged } = version;
  return { kind: "untagged-image", age, rules, ...(lastTagged ? { lastTagged } : {}) };
}
