import { connect } from "./inventory/connection";
import { LookError } from "./inventory/errors";
import { look } from "./inventory/look";
import { encodeInventory } from "./inventory/snapshot";
import type { LookProgress } from "./look-progress";
import { computePlan } from "./plan/plan";
import { dayOf, dayOfPlan } from "./plan/plan-id";
import { parsePolicy } from "./rules/parse-policy";
import type { Policy } from "./rules/policy";
import type { Settings } from "./settings";

/** What the program saw of a package, or why it could not; or what is wrong with the policy, so that it did not look. */
export type LookOutcome =
  | { readonly look: string; readonly policy: unknown }
  | { readonly lookError: string }
  | { readonly policyError: string };

/** Looks at a package at program time, reading what today's plan and the approved one depend on. `second` as in {@link connect}. */
export async function lookAtPackage(
  settings: Pick<Settings, "endpoints" | "token"> & { readonly tell?: (text: string) => void; readonly progress?: LookProgress },
  written: unknown,
  second?: number,
): Promise<LookOutcome> {
  const policy = tryToParse(written);
  if ("policyError" in policy) return policy;
  const { progress } = settings;
  progress?.began();
  try {
    const token = await settings.token;
    if (token === undefined) {
      throw new LookError(
        "no token: set GITHUB_TOKEN, or `pulumi config set --secret ghcr-retention:token`; a preview needs the scope read:packages.",
      );
    }
    const name = { owner: policy.owner, name: policy.package };
    const { inventory } = await look(connect(settings.endpoints, token, second, settings.tell), name, {
      unreadable: policy.unreadable,
      ...(progress ? { watcher: progress } : {}),
      curiosity: (graph) => {
        const today = dayOf(graph.inventory.now);
        const days = policy.approve === undefined ? [today] : [today, dayOfPlan(policy.approve)];
        return [...new Set(days.flatMap((asOf) => computePlan(graph, policy, { asOf }).unread))];
      },
    });
    return { look: encodeInventory(inventory), policy: written };
  } catch (error) {
    // One package that cannot be read fails by itself: the plans of the others are still shown.
    if (error instanceof LookError) return { lookError: error.message };
    throw error;
  } finally {
    progress?.ended();
  }
}

function tryToParse(written: unknown): Policy | { readonly policyError: string } {
  try {
    return parsePolicy(written);
  } catch (error) {
    if (error instanceof LookError) return { policyError: error.message };
    throw error;
  }
}
