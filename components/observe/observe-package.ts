import type { Settings } from "../config/settings";
import { understandPolicy, type WrittenPolicy } from "../config/written-policy";
import type { Graph } from "../graph/graph";
import { digestsInUse, isInUse, missingInUse } from "../in-use/in-use";
import { connect } from "../inventory/connection";
import type { LookOutcome } from "../inventory/outcome";
import { look } from "../inventory/take-inventory";
import { LookError } from "../model/errors";
import { computePlan } from "../plan/plan";
import { dayOf, dayOfPlan } from "../plan/plan-id";
import type { LookProgress } from "./progress";

interface LookSettings extends Pick<Settings, "endpoints" | "token"> {
  readonly tell?: (text: string) => void;
  readonly progress?: LookProgress;
  /** An approval of many packages at once. */
  readonly organizationApproval?: string | undefined;
}

/** Looks at a package at program time, reading what today's plan and the approved ones depend on. `second` as in {@link connect}. */
export async function lookAtPackage(settings: LookSettings, original: WrittenPolicy, second?: number): Promise<LookOutcome> {
  const understood = understandPolicy(original, settings.endpoints);
  if ("policyError" in understood) return understood;
  const { protection, written, policy } = understood;
  const { progress, organizationApproval } = settings;
  progress?.began();
  try {
    const { token } = settings;
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
    const { graph } = await connection.looks.run(() => look(connection, name, options));
    if (!isInUse(protection, name)) return { graph, policy: written };
    const missing = missingInUse(graph, protection, name, policy.restore);
    if (missing !== undefined) return { lookError: missing, policy: written, inUse: true };
    const inUse = digestsInUse(graph, protection, name);
    return { graph, policy: { ...written, protect: [...new Set([...(written.protect ?? []), ...inUse])] } };
  } catch (error) {
    // One package that cannot be read fails by itself: the plans of the others are still shown.
    if (error instanceof LookError) return { lookError: error.message, policy: written };
    throw error;
  } finally {
    progress?.ended();
  }
}
