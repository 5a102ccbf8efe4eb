import { PlanId } from "../rules/policy";
import { type DeletedImages, digestPrefix } from "./record";

/** Maps each version to the latest plan that deleted it, by {@link digestPrefix}. */
export function plansByPrefix(deleted: Readonly<Record<string, DeletedImages>>): ReadonlyMap<string, string> {
  const plans = Object.entries(deleted).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(plans.flatMap(([id, { images }]) => images.flat().map((digits) => [digits, id] as const)));
}

export function planOf(plans: ReadonlyMap<string, string>, digest: string): string {
  return plans.get(digestPrefix(digest)) ?? "-";
}

/** Leaves out what stands under other keys than ids of plans: what others deleted, and what `restore` names by a time. */
export function ofPlans(deleted: Readonly<Record<string, DeletedImages>>): Record<string, DeletedImages> {
  return Object.fromEntries(Object.entries(deleted).filter(([id]) => isPlanId(id)));
}

export function isPlanId(key: string): boolean {
  return PlanId.safeParse(key).success;
}

/** Returns the prefixes of all that was deleted as one image with any of these digests. */
export function deletedTogether(deleted: Readonly<Record<string, DeletedImages>>, digests: readonly string[]): ReadonlySet<string> {
  const prefixes = new Set(digests.map(digestPrefix));
  const images = Object.values(deleted).flatMap((plan) => plan.images);
  return new Set(images.filter((members) => members.some((prefix) => prefixes.has(prefix))).flat());
}
