import { childOf, digestOf, type Entry, image, index } from "../builders/package";
import { findingOn, packageReview } from "../builders/reviewed";

export const prod = [
  index("prod", [childOf("amd64"), childOf("arm64", "linux/arm64")], { tags: ["prod", "v1"] }),
  image("amd64"),
  image("arm64"),
];
export const pr = [
  index("pr", [childOf("pr-arm64", "linux/arm64"), childOf("pr-amd64")], { tags: ["pr-1"], days: 30 }),
  image("pr-amd64", { days: 30 }),
  image("pr-arm64", { days: 30 }),
];
export const lone = image("lone", { days: 20 });
export const world: readonly Entry[] = [...prod, ...pr, lone];
export const waiting = findingOn(world);
export const planId = packageReview(waiting).plans[0]?.id ?? "";
export const shortOf = (name: string) => digestOf(name).slice(0, 19);
