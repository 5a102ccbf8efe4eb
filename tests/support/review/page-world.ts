import { childOf, digestOf, type Entry, image, index, indexChildOf } from "../builders/package";
import { findingOn, reviewWith } from "../builders/reviewed";
import { storing } from "../builders/storing";

/** Of several platforms each, tagged: `name` 1, 2, … */
export function images(name: string, count: number, days: number): Entry[] {
  return Array.from({ length: count }, (_, place) => {
    const parts = [`${name}${place}-amd64`, `${name}${place}-arm64`];
    return [
      index(`${name}${place}`, [childOf(parts[0] ?? ""), childOf(parts[1] ?? "", "linux/arm64")], {
        tags: [`${name}-${place + 1}`],
        days: days + place,
      }),
      ...parts.map((part) => image(part, { days: days + place })),
    ];
  }).flat();
}

const broken = index("broken", [childOf("not-there"), childOf("v0-amd64")], { tags: ["v0.9"], days: 70 });
const nested = [
  index("outer", [indexChildOf("inner")], { tags: ["pr-nested"], days: 33 }),
  index("inner", ["deep"], { days: 33 }),
  storing(image("deep", { days: 33 }), { deep: 2_000_000 }),
];
export const world = [
  ...images("pr", 3, 30),
  ...nested,
  ...images("v", 20, 50),
  broken,
  image("sbom", { subject: "v0", days: 50, artifactType: "application/spdx+json" }),
];
const versions = { name: "drop-versions", action: "delete" as const, digests: [digestOf("v1-arm64")], scope: "versions" as const };
export const rules = [
  { name: "keep-releases", action: "keep" as const, tags: ["v*"] },
  { name: "drop-pr", action: "delete" as const, tags: ["pr-*"], olderThan: "7d" },
  versions,
];
export const review = reviewWith([
  findingOn(world, { policy: { rules } }),
  findingOn(images("pr", 2, 40), { policy: { package: "greedy", rules, limits: { percent: 5 } } }),
  { name: "logto-io/gone", warnings: [], failure: "logto-io/gone: GitHub answered 404" },
]);
