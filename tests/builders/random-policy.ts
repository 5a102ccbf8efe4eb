import fc from "fast-check";
import type { Inventory } from "../../components/inventory/inventory";
import { Policy, type PolicyInput } from "../../components/rules/policy";

type RuleInput = PolicyInput["rules"][number];

const globs = ["*", "pr-*", "v?", "v*", "main-*", "[pv]*", "prod", "latest", "_?", "*.*", "a.b-c", "[^p]*", "v1.[0-9]", "?*-*"];
const durations = ["1d", "2d", "7d", "14d", "30d"] as const;

const conditions = fc.record(
  {
    tags: fc.array(fc.constantFrom(...globs), { minLength: 1, maxLength: 2 }),
    untagged: fc.constant(true as const),
    olderThan: fc.constantFrom(...durations),
  },
  { requiredKeys: [] },
);

const scope = fc.constantFrom("images", "images", "images", "versions").map((name) => name as "images" | "versions");
const name = fc.constant("rule");

export const randomDeleteRule: fc.Arbitrary<RuleInput> = fc
  .tuple(conditions, scope, name)
  .map(([when, where, called]) => ({ name: called, action: "delete", scope: where, ...when }));

export const randomKeepRule: fc.Arbitrary<RuleInput> = fc
  .tuple(conditions, scope, name, fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }))
  .map(([when, where, called, mostRecent]) => ({
    name: called,
    action: "keep",
    scope: where,
    ...when,
    ...(mostRecent === undefined ? {} : { mostRecent }),
  }));

/** Rules as people write them, in any order, with names of their own. */
export const randomRules: fc.Arbitrary<RuleInput[]> = fc
  .tuple(fc.array(randomDeleteRule, { minLength: 1, maxLength: 3 }), fc.array(randomKeepRule, { maxLength: 2 }), fc.boolean())
  .map(([deletes, keeps, keepsFirst]) => numbered(keepsFirst ? [...keeps, ...deletes] : [...deletes, ...keeps]));

export function numbered(rules: readonly RuleInput[]): RuleInput[] {
  return rules.map((rule, place) => ({ ...rule, name: `${rule.action}-${place}` }));
}

export interface Protected {
  readonly place: number;
  readonly byTag: boolean;
}

export const randomProtect: fc.Arbitrary<Protected[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Protected[]>([]) },
  { weight: 1, arbitrary: fc.array(fc.record({ place: fc.nat({ max: 1000 }), byTag: fc.boolean() }), { minLength: 1, maxLength: 2 }) },
);

export const randomMinimumAge = fc.constantFrom("1d", "1d", "2d", "7d");

/** A digest of the package, or a tag of it. */
export function protectedName(inventory: Inventory, { place, byTag }: Protected): string {
  const version = inventory.versions[place % inventory.versions.length];
  if (version === undefined) throw new Error("a random package holds a version at the least");
  return byTag ? (version.tags[0] ?? version.digest) : version.digest;
}

export function policyFrom(inventory: Inventory, rules: readonly RuleInput[], protect: readonly Protected[], minimumAge: string): Policy {
  return Policy.parse({
    owner: "logto-io",
    package: "logto",
    rules: numbered(rules),
    protect: protect.map((one) => protectedName(inventory, one)),
    minimumAge,
  });
}
