import { buildGraph, type Graph } from "./graph/graph";
import { connect } from "./inventory/connection";
import { LookError } from "./inventory/errors";
import { look } from "./inventory/look";
import { encodeInventory } from "./inventory/snapshot";
import type { LookProgress } from "./look-progress";
import { digestsInUse, isInUse, missingInUse, protectedNames, type SortedProtection, sortProtection } from "./organization/in-use";
import { computePlan } from "./plan/plan";
import { dayOf, dayOfPlan } from "./plan/plan-id";
import { parsePolicy } from "./rules/parse-policy";
import type { Policy, PolicyInput } from "./rules/policy";
import type { Settings } from "./settings";

/** What the program saw of a package, or why it could not; or what is wrong with the policy, so that it did not look. */
export type LookOutcome =
  | { readonly look: string; readonly policy: PolicyInput }
  | { readonly lookError: string; readonly policy: PolicyInput; readonly inUse?: true }
  | { readonly policyError: string };

/** A policy as written, its inputs known; `protect` may name images in use as well. */
export type WrittenPolicy = Omit<PolicyInput, "protect"> & { readonly protect?: readonly unknown[] | undefined };

interface LookSettings extends Pick<Settings, "endpoints" | "token"> {
  readonly tell?: (text: string) => void;
  readonly progress?: LookProgress;
  /** An approval of many packages at once. */
  readonly organizationApproval?: string | undefined;
}

/** Looks at a package at program time, reading what today's plan and the approved ones depend on. `second` as in {@link connect}. */
export async function lookAtPackage(settings: LookSettings, original: WrittenPolicy, second?: number): Promise<LookOutcome> {
  const protection = sortProtection(original.protect ?? [], new URL(settings.endpoints.registryUrl).host);
  const written = withProtection(original, protection);
  const policy = tryToParse(written);
  if ("policyError" in policy) return policy;
  const { progress, organizationApproval } = settings;
  progress?.began();
  try {
    const token = await settings.token;
    if (token === undefined) {
      throw new LookError(
        "no token: set GITHUB_TOKEN, or `pulumi config set --secret ghcr-retention:token`; a preview needs the scope read:packages.",
      );
    }
    const name = { owner: policy.owner, name: policy.package };
    const connection = connect(settings.endpoints, token, second, settings.tell);
    const curiosity = (graph: Graph) => {
      const today = dayOf(graph.inventory.now);
      const approved = [policy.approve, organizationApproval].filter((id) => id !== undefined);
      const days = [today, ...approved.map(dayOfPlan)];
      return [...new Set(days.flatMap((asOf) => computePlan(graph, policy, { asOf }).unread))];
    };
    const options = { unreadable: policy.unreadable, curiosity, ...(progress ? { watcher: progress } : {}) };
    const { inventory } = await connection.looks(() => look(connection, name, options));
    if (!isInUse(protection, name)) return { look: encodeInventory(inventory), policy: written };
    const graph = buildGraph(inventory);
    const missing = missingInUse(graph, protection, name, policy.restore);
    if (missing !== undefined) return { lookError: missing, policy: written, inUse: true };
    const inUse = digestsInUse(graph, protection, name);
    return { look: encodeInventory(inventory), policy: { ...written, protect: [...new Set([...(written.protect ?? []), ...inUse])] } };
  } catch (error) {
    // One package that cannot be read fails by itself: the plans of the others are still shown.
    if (error instanceof LookError) return { lookError: error.message, policy: written };
    throw error;
  } finally {
    progress?.ended();
  }
}

/** The policy with images in use as digests and tags; without any it stays as written. */
function withProtection(original: WrittenPolicy, protection: SortedProtection): PolicyInput {
  const { protect, ...rest } = original;
  const name = { owner: String(original.owner), name: String(original.package) };
  // What is no name at all is refused with the rest of the policy.
  return protect === undefined ? rest : { ...rest, protect: protectedNames(protection, name) as string[] };
}

function tryToParse(written: unknown): Policy | { readonly policyError: string } {
  try {
    return parsePolicy(written);
  } catch (error) {
    if (error instanceof LookError) return { policyError: error.message };
    throw error;
  }
}
