import fc from "fast-check";
import type { Inventory } from "../../../components/model/inventory";
import { Policy } from "../../../components/rules/policy";
import { type RuleInput, randomDeleteRule, randomKeepRule } from "./random-rule";

/** Most packages have a rule that clears up, so that there is something to keep. */
const broad: fc.Arbitrary<RuleInput> = fc.constantFrom<RuleInput>(
  { name: "rule", action: "delete" },
  { name: "rule", action: "delete", olderThan: "7d" },
  { name: "rule", action: "delete", untagged: true, olderThan: "2d" },
  { name: "rule", action: "delete", dangling: true },
);

/** Rules as people write them, in any order, with names of their own. */
export const randomRules: fc.Arbitrary<RuleInput[]> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 2, arbitrary: randomDeleteRule }, { weight: 1, arbitrary: broad }), { minLength: 1, maxLength: 3 }),
    fc.array(randomKeepRule, { maxLength: 2 }),
    fc.boolean(),
  )
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
