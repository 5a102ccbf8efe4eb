import fc from "fast-check";
import { type ActionName, actions } from "./actions";
import type { Order } from "./order";
import type { Scenario } from "./scenario";

const worldsOfRuns = {
  "one apply": ["index", "shared", "referrer", "nested"],
  restoration: ["index", "shared", "referrer", "nested"],
  successor: ["index", "shared"],
  "two stacks": ["twoStacks"],
} as const satisfies Record<Scenario["runs"], readonly Scenario["world"][]>;

/** Where GitHub does not list the tags of deleted versions, nothing tells of a new tag that went: `deletedListsTags` stays on. */
const switches = fc.record({
  tagsReturnOnRestore: fc.boolean(),
  updatedAtOnTagGain: fc.boolean(),
  lastTaggedRefusal: fc.constantFrom("last-tagged" as const, "downloads" as const),
});

const scenario: fc.Arbitrary<Scenario> = fc
  .constantFrom<Scenario["runs"]>("one apply", "one apply", "two stacks", "successor", "restoration")
  .chain((runs) =>
    fc.record({
      world: fc.constantFrom<Scenario["world"]>(...worldsOfRuns[runs]),
      runs: fc.constant(runs),
      actions: fc.uniqueArray(fc.constantFrom(...(Object.keys(actions) as ActionName[])), { minLength: 1, maxLength: 3 }),
      anyOrder: fc.boolean(),
      switches: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, switches),
    }),
  );

/** Mostly the run that went on last goes on; fast-check shrinks towards that. */
const choice = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 7 }) });

export const randomOrder: fc.Arbitrary<Order> = fc.record({
  scenario,
  choices: fc.array(choice, { minLength: 20, maxLength: 120, size: "max" }),
});
