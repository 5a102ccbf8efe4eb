import type { Decision } from "../approval/decide";
import { nameOf, shortDigest } from "../plan/node-names";
import { dayOfPlan, startOf } from "../plan/plan-id";
import { day } from "../rules/duration";
import { ageOf } from "../rules/evaluate";
import type { PicturedImage } from "./picture/lanes";
import { type Timeline, timelineOf } from "./picture/timeline";
import type { PackageReview } from "./review";
import { versionStates } from "./version-states";

/** Returns a package's images over time; `undefined` where nothing is known of any. Pure. */
export function timelineOfPackage(one: PackageReview): Timeline | undefined {
  const { name, rules, decision } = one;
  if (decision !== undefined) return timelineOf({ name, rules, ...imagesOfDecision(one, decision), isPartial: false });
  const asOf = one.plans.reduce((latest, { id }) => Math.max(latest, startOf(dayOfPlan(id))), 0);
  return timelineOf({ name, rules, asOf, images: imagesOfPlans(one, asOf), oldestKept: new Map(), isPartial: true });
}

/** Images, and the parts that rules match and images need: a plan without the graph would delete those. */
function imagesOfDecision(one: PackageReview, decision: Decision) {
  const { plan } = decision;
  const asOf = startOf(plan.asOf);
  const states = versionStates(one, decision);
  const oldestKept = new Map<string, number>();
  const images = plan.deletions.graph.nodes.flatMap((node, index): PicturedImage[] => {
    const { version, userTags, role } = node;
    const state = states[index]?.state ?? "stays";
    if (role !== "root" && userTags.length === 0 && state !== "withheld") return [];
    const at = asOf - ageOf({ ...version, userTags }, asOf);
    const verdict = plan.verdicts.get(index);
    if (verdict?.action === "keep") oldestKept.set(verdict.rule, Math.min(at, oldestKept.get(verdict.rule) ?? at));
    return [{ at, tags: userTags, name: nameOf(node), state }];
  });
  return { asOf, images, oldestKept };
}

/** A saved preview tells ages in days, of what its plans delete. */
function imagesOfPlans({ plans }: PackageReview, asOf: number): PicturedImage[] {
  return plans.flatMap(({ id, planned, state }) =>
    planned.flatMap(({ tags, digest, days }): PicturedImage[] => {
      if (days === undefined) return [];
      const at = Math.min(asOf, startOf(dayOfPlan(id))) - days * day;
      return [{ at, tags, name: tags.join(", ") || shortDigest(digest), state }];
    }),
  );
}
