import type { PassedOn } from "../lifecycle/state/passed-on";
import type { StoredPending } from "../lifecycle/state/stored";
import type { PlanOwner } from "../lifecycle/state/stored-notices";
import type { StoredIds } from "../lifecycle/state/stored-plans";
import * as pulumi from "../sdk/pulumi";
import { knownOutputs } from "./known-outputs";

/** A policy of this program, as far as its plans are concerned. */
interface DeclaredPlans {
  readonly pending: pulumi.Output<StoredPending | undefined>;
  readonly plans: pulumi.Output<Readonly<Record<string, StoredIds>>>;
  readonly passedOn: pulumi.Output<PassedOn | undefined>;
}

/** The policies that this program has declared. */
const declared: DeclaredPlans[] = [];

export function declarePlans(plans: DeclaredPlans): void {
  declared.push(plans);
}

/** Finds the package of this program that has a plan of this id, waiting or approved. A policy that fails by itself has none. */
export async function findPlanOwner(id: string): Promise<PlanOwner | undefined> {
  const owners = await Promise.allSettled(declared.map((plans) => ownerOf(id, plans)));
  return owners.flatMap((owner) => (owner.status === "fulfilled" ? (owner.value ?? []) : []))[0];
}

async function ownerOf(id: string, { pending, plans, passedOn }: DeclaredPlans): Promise<PlanOwner | undefined> {
  const owner = pulumi.output(knownOutputs({ pending, plans, passedOn })).apply((known): PlanOwner | undefined => {
    const isOwner = known.pending?.id === id || Object.hasOwn(known.plans ?? {}, id);
    if (!isOwner || known.passedOn?.kind !== "known") return undefined;
    return { id, package: `${known.passedOn.policy.owner}/${known.passedOn.policy.package}` };
  });
  const { promise } = owner as unknown as { promise: () => Promise<PlanOwner | undefined> };
  return promise.call(owner);
}
