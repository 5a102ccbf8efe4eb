import fc from "fast-check";
import { buildGraph, type Graph } from "../../../components/graph/graph";
import type { Inventory } from "../../../components/model/inventory";
import { computePlan, type Plan } from "../../../components/plan/plan";
import type { Policy, PolicyInput } from "../../../components/rules/policy";
import { World } from "../oracle/oracle";
import { day, moment, today } from "./package";
import { type Protected, policyFrom, randomMinimumAge, randomProtect, randomRules } from "./random-policy";
import { randomReleaseRules } from "./random-rule";
import { randomInventory, randomReleases } from "./random-world";

/**
 * 1,000 cases in each test run; LONG=1 makes it 20,000. Mutants meet few, and all of them the same, so that none falls by
 * luck; that one falls is enough, however long its counterexample is.
 */
export const runs = process.env.STRYKER_MUTATOR_WORKER
  ? { numRuns: 60, seed: 20231201, endOnFailure: true }
  : { numRuns: process.env.LONG ? 20_000 : 1_000 };
export const patience = process.env.LONG ? 900_000 : 120_000;

/** A package and a policy for it; printed in short when a property fails. */
export class Case {
  constructor(
    readonly inventory: Inventory,
    readonly rules: readonly PolicyInput["rules"][number][],
    readonly protect: readonly Protected[],
    readonly minimumAge: string,
    readonly leftovers: readonly string[] = [],
  ) {}

  #policy: Policy | undefined;
  #graph: Graph | undefined;
  #plan: Plan | undefined;

  get policy(): Policy {
    this.#policy ??= policyFrom(this.inventory, this.rules, this.protect, this.minimumAge);
    return this.#policy;
  }

  get graph(): Graph {
    this.#graph ??= buildGraph(this.inventory);
    return this.#graph;
  }

  get plan(): Plan {
    this.#plan ??= this.planFor(this.policy);
    return this.#plan;
  }

  planFor(policy: Policy): Plan {
    return computePlan(this.graph, policy, { asOf: today, leftovers: new Set(this.leftovers) });
  }

  get deleted(): string[] {
    return this.plan.deletions.digests().sort();
  }

  /** The oracle's slow look at the same. */
  get world(): World {
    return new World(this.inventory, this.policy, moment, this.leftovers);
  }

  with(change: Partial<Pick<Case, "inventory" | "rules" | "leftovers">>): Case {
    const { inventory, rules, leftovers } = { ...this, ...change };
    return new Case(inventory, rules, this.protect, this.minimumAge, leftovers);
  }

  withProtected(digest: string): Case {
    const place = this.inventory.versions.findIndex((version) => version.digest === digest);
    return new Case(this.inventory, this.rules, [...this.protect, { place, byTag: false }], this.minimumAge, this.leftovers);
  }

  /** As if these had not been read. What the policy names as gone is asked for each time, so it is never unread. */
  withUnread(digests: readonly string[]): Case {
    const manifests = new Map([...this.inventory.manifests].filter(([digest, { gone }]) => gone || !digests.includes(digest)));
    return this.with({ inventory: { ...this.inventory, manifests } });
  }

  [fc.toStringMethod](): string {
    const ids = new Map(this.inventory.versions.map(({ digest, id }) => [digest, id]));
    const lines = this.inventory.versions.map(({ id, digest, tags, createdAt, updatedAt }) => {
      const manifest = this.inventory.manifests.get(digest);
      const children = manifest?.children.map(({ digest, index, other, platform }) =>
        [ids.get(digest) ?? "missing", ...(index ? ["index"] : []), ...(other ? ["other"] : []), platform ?? ""].join(" "),
      );
      const subject = manifest?.subject && (ids.get(manifest.subject) ?? "missing");
      const days = [createdAt, updatedAt].map((at) => (moment - at) / day);
      return JSON.stringify({ id, digest: digest.slice(0, 13), tags, days, ...manifest, children, subject });
    });
    return [...lines, JSON.stringify({ rules: this.rules, protect: this.policy.protect, minimumAge: this.minimumAge })].join("\n");
  }
}

/** Everything read, nothing left over. */
export const randomCase: fc.Arbitrary<Case> = fc
  .tuple(randomInventory, randomRules, randomProtect, randomMinimumAge)
  .map((parts) => new Case(...parts));

/** What rules count and compare, in packages where that decides. */
export const randomReleaseCase: fc.Arbitrary<Case> = fc
  .tuple(randomReleases, randomReleaseRules, randomMinimumAge)
  .map(([inventory, rules, minimumAge]) => new Case(inventory, rules, [], minimumAge));

/** Some of the package was not read, in a way that a look allows (`described`) or in any, and some is left over from a deleted image. */
export const randomDoubtfulCase: fc.Arbitrary<Case> = fc
  .tuple(randomCase, somePlaces(), somePlaces(), fc.boolean())
  .map(([one, unread, leftovers, allowed]) => {
    const digests = digestsAt(one.inventory, unread).filter((digest) => !allowed || isDescribed(one.inventory, digest));
    return one.withUnread(digests).with({ leftovers: digestsAt(one.inventory, leftovers) });
  });

export function somePlaces(): fc.Arbitrary<number[]> {
  return fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 4 }));
}

export function digestsAt({ versions }: Inventory, places: readonly number[]): string[] {
  return [...new Set(places.map((place) => versions[place % versions.length]?.digest ?? ""))];
}

/** An untagged child that every index lists as an image: only these need not be read. */
export function isDescribed({ versions, manifests }: Inventory, digest: string): boolean {
  const descriptions = [...manifests.values()].flatMap(({ children }) => children.filter((child) => child.digest === digest));
  const tags = versions.find((version) => version.digest === digest)?.tags ?? [];
  return tags.length === 0 && descriptions.length > 0 && descriptions.every(({ index, other }) => !index && !other);
}
