import type * as pulumi from "../sdk/pulumi";
import { knownAfterUpdate } from "./known-outputs";
import type { RetentionPolicy } from "./retention-policy";

/** A plan that waits for approval, for scripts. */
export interface WaitingPlan {
  /** As `approve` takes it. */
  readonly id: string;
  /** The versions that it deletes: digest to the reason. */
  readonly deletions: Readonly<Record<string, string>>;
  /** Why nobody can approve it. */
  readonly refused?: string;
}

/** The plan that waits under a policy, as of the last update. */
export function waitingPlanOf({ pending }: RetentionPolicy): pulumi.Output<WaitingPlan | undefined> {
  return pending.apply((plan) => {
    if (plan === undefined) return knownAfterUpdate(undefined);
    const { id, deletions, refused } = plan;
    return knownAfterUpdate({ id, deletions, ...(refused === undefined ? {} : { refused }) });
  });
}
