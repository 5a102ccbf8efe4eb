import fc from "fast-check";
import type { PolicyInput } from "../../../components/rules/policy";
import { digestAt } from "./random-world";

export type RuleInput = PolicyInput["rules"][number];
type Conditions = Omit<RuleInput, "name" | "action" | "mostRecent">;

const globs = ["*", "pr-*", "v?", "v*", "main-*", "[pv]*", "prod", "latest", "_?", "*.*", "a.b-c", "[^p]*", "v1.[0-9]", "?*-*", "*-alpine"];
const expressions = ["/^v?\\d+\\.\\d+\\.\\d+$/", "/rc/", "/^(prod|latest)$/", "/-(alpine|slim)$/", "/^pr-[0-9]+$/", "/1/"];
const ranges = ["*", ">=1.0.0 <2", "^1.0.1", "1.0.x", "~1.1", "<1.1.0", "2.x || 1.0.0", ">=1.0.1-rc.2 <1.1.0", "1.0.0-0 - 2.0.0"];
const durations = ["1d", "2d", "7d", "14d", "30d", "P1W", "PT720H"] as const;
const typePatterns = ["application/vnd.cncf.helm.*", "*spdx*", "/cosign/", "application/spdx+json", "*"];
const annotationPatterns = ["*", "test", "*prod", "a.b", "a?b", "two*", "c*d", "/^(test|a)/", "c\\*d"];

function patterns(more: readonly string[] = []): fc.Arbitrary<string> {
  return fc.constantFrom(...globs, ...expressions, ...more);
}

const tagPatterns = fc
  .tuple(
    fc.array(patterns(), { minLength: 1, maxLength: 2 }),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant<string[]>([]) },
      { weight: 1, arbitrary: fc.array(patterns(), { minLength: 1, maxLength: 2 }) },
    ),
    fc.boolean(),
  )
  .map(([wanted, unwanted, first]) => {
    const negated = unwanted.map((pattern) => `!${pattern}`);
    return first ? [...negated, ...wanted] : [...wanted, ...negated];
  });
const range = fc.constantFrom(...ranges);
const untagged = fc.constant(true as const);

/** Which images by their tags: most rules say so in one way. */
const selection: fc.Arbitrary<Conditions> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 4, arbitrary: fc.record({ tags: tagPatterns }) },
  { weight: 4, arbitrary: fc.record({ untagged }) },
  { weight: 3, arbitrary: fc.record({ semver: range }) },
  { weight: 1, arbitrary: fc.record({ tags: tagPatterns, untagged }) },
  { weight: 1, arbitrary: fc.record({ tags: tagPatterns, semver: range }) },
  { weight: 1, arbitrary: fc.record({ semver: range, untagged }) },
);

const age = fc.constantFrom(undefined, "created" as const, "updated" as const, "unneeded" as const);
const duration = fc.constantFrom(...durations);
const patternList = (...from: string[]) => fc.array(fc.constantFrom(...from), { minLength: 1, maxLength: 2 });

const narrowing: fc.Arbitrary<Conditions> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(duration, age).map(([olderThan, basis]) => ({ olderThan, ...(basis ? { age: basis } : {}) })) },
  { weight: 2, arbitrary: fc.tuple(duration, age).map(([newerThan, basis]) => ({ newerThan, ...(basis ? { age: basis } : {}) })) },
  { weight: 1, arbitrary: fc.constant({ olderThan: "2d", newerThan: "30d" }) },
  { weight: 3, arbitrary: fc.array(patterns(), { minLength: 1, maxLength: 2 }).map((notTags) => ({ notTags })) },
  {
    weight: 2,
    arbitrary: patternList("linux/arm*", "windows/*", "linux/amd64", "/arm/", "linux/arm?4").map((platforms) => ({ platforms })),
  },
  { weight: 2, arbitrary: patternList(...typePatterns).map((artifactType) => ({ artifactType })) },
  { weight: 2, arbitrary: annotationConditions() },
  { weight: 2, arbitrary: digestConditions() },
  { weight: 2, arbitrary: fc.constant({ dangling: true as const }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(["app"], ["app", "site"], ["unlisted"])
      .map((packages) => ({ dangling: true as const, subjectsIn: [...packages] })),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(true as const, true as const, "ghost" as const, "partial" as const).map((broken) => ({ broken })),
  },
);

function annotationConditions(): fc.Arbitrary<Conditions> {
  const value = fc.constantFrom(...annotationPatterns);
  const each = fc.oneof(fc.record({ stage: value }), fc.record({ team: value }), fc.record({ stage: value, team: value }));
  return each.map((annotations) => ({ annotations: { ...annotations } }));
}

function digestConditions(): fc.Arbitrary<Conditions> {
  return fc
    .uniqueArray(fc.nat({ max: 11 }), { minLength: 2, maxLength: 6 })
    .map((places) => ({ digests: places.map((place) => digestAt(place, false)) }));
}

const scope = fc.constantFrom("images", "images", "versions").map((name) => name as "images" | "versions");

const conditions: fc.Arbitrary<Conditions> = fc
  .tuple(selection, fc.array(narrowing, { maxLength: 2 }), scope)
  .map(([which, narrow, where]) => Object.assign({ scope: where }, which, ...narrow) as Conditions);

const mostRecent = fc.oneof(
  fc.integer({ min: 1, max: 3 }),
  fc.record({ count: fc.integer({ min: 1, max: 2 }), by: fc.constantFrom("created" as const, "updated" as const) }),
  fc.record({ count: fc.integer({ min: 1, max: 3 }), by: fc.constant("semver" as const) }),
  fc.record({
    count: fc.integer({ min: 1, max: 2 }),
    by: fc.constant("semver" as const),
    per: fc.constantFrom("major" as const, "minor" as const, "patch" as const),
  }),
);

export const randomDeleteRule: fc.Arbitrary<RuleInput> = conditions.map((when) => ({ name: "rule", action: "delete", ...when }));

/** Of releases, the newest in some sense stay and the rest goes, from some age on. */
export const randomReleaseRules: fc.Arbitrary<RuleInput[]> = fc
  .tuple(fc.oneof(fc.record({ tags: tagPatterns }), fc.record({ semver: range }), fc.constant({})), mostRecent, duration, age, fc.boolean())
  .map(([which, newest, olderThan, basis, always]) => [
    { name: "newest", action: "keep", ...which, mostRecent: newest },
    { name: "rest", action: "delete", ...(always ? {} : { olderThan, ...(basis ? { age: basis } : {}) }) },
  ]);

export const randomKeepRule: fc.Arbitrary<RuleInput> = fc
  .oneof(fc.tuple(conditions, fc.oneof(fc.constant(undefined), mostRecent)), fc.tuple(selection, mostRecent))
  .map(([when, newest]) => ({ name: "rule", action: "keep", ...when, ...(newest === undefined ? {} : { mostRecent: newest }) }));
