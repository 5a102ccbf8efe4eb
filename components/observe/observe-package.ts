import type { Settings } from "../config/settings";
import { requireToken } from "../config/token";
import { parseWrittenPolicy, type WrittenPolicy } from "../config/written-policy";
import type { Graph } from "../graph/graph";
import { digestsInUse, isInUse, missingInUse } from "../in-use/in-use";
import { connect } from "../inventory/connection";
import { takeInventory } from "../inventory/take-inventory";
import { RetentionError } from "../model/errors";
import type { Outcome } from "../plan/outcome";
import { computePlan } from "../plan/plan";
import { dayOf, dayOfPlan } from "../plan/plan-id";
import type { ObserveProgress } from "./progress";

interface ObserveSettings extends Pick<Settings, "endpoints" | "token"> {
  readonly log?: (text: string) => void;
  readonly progress?: ObserveProgress;
  /** An approval of many packages at once. */
  readonly organizationApproval?: string | undefined;
}

/** Looks at a package at program time, reading what today's plan and the approved ones depend on. `second` as in {@link connect}. */
export async function observePackage(settings: ObserveSettings, original: WrittenPolicy, second?: number): Promise<Outcome> {
  const understood = parseWrittenPolicy(original, settings.endpoints);
  if ("policyError" in understood) return understood;
  const { protection, written, policy } = understood;
  const { progress, organizationApproval } = settings;
  progress?.began();
  try {
    const token = requireToken(settings.token, "a preview");
    const name = { owner: policy.owner, name: policy.package };
    const connection = connect(settings.endpoints, token, second, settings.log);
    const manifestsToRead = (graph: Graph) => {
      const today = dayOf(graph.inventory.now);
      const approved = [policy.approve, organizationApproval].filter((id) => id !== undefined);
      const days = [today, ...approved.map(dayOfPlan)];
      return [...new Set(days.flatMap((asOf) => computePlan(graph, policy, { asOf }).unread))];
    };
    const options = { unreadable: policy.unreadable, manifestsToRead, ...(progress ? { progress } : {}) };
    const { graph } = await connection.packageConcurrency.run(() => takeInventory(connection, name, options));
    if (!isInUse(protection, name)) return { graph, policy: written };
    const missing = missingInUse(graph, protection, name, policy.restore);
    if (missing !== undefined) return { observationError: missing, policy: written, inUse: true };
    const inUse = digestsInUse(graph, protection, name);
    return { graph, policy: { ...written, protect: [...new Set([...(written.protect ?? []), ...inUse])] } };
  } catch (error) {
    // One package that cannot be read fails by itself: the plans of the others are still shown.
    if (error instanceof RetentionError) return { observationError: error.message, policy: written };
    throw error;
  } finally {
    progress?.ended();
  }
}
