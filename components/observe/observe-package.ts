import type { Settings } from "../config/settings";
import { requireToken } from "../config/token";
import { parseWrittenPolicy, type WrittenPolicy } from "../config/written-policy";
import { digestsInUse, isInUse, missingInUse, summaryOf } from "../in-use/in-use";
import { connect } from "../inventory/connection";
import { RetentionError } from "../model/errors";
import type { Outcome } from "../plan/outcome";
import { observeForPolicy } from "./observe-policy";
import type { ObserveProgress } from "./progress";

interface ObserveSettings extends Pick<Settings, "endpoints" | "token"> {
  readonly log?: (text: string) => void;
  readonly progress?: ObserveProgress;
  /** The id that approves the plans of many packages at once. */
  readonly organizationApproval?: string | undefined;
  /** Whether all manifests are read, for the sizes of their blobs. */
  readonly readsSizes?: boolean | undefined;
}

/**
 * Observes a package while the program runs, as its policy sees it today and on the days of approved plans. `second` as in
 * {@link connect}.
 */
export async function observePackage(settings: ObserveSettings, original: WrittenPolicy, second?: number): Promise<Outcome> {
  const parsed = parseWrittenPolicy(original, settings.endpoints);
  if (parsed.kind === "invalid") return parsed;
  const { protection, written, policy } = parsed;
  try {
    const connection = connect(settings.endpoints, requireToken(settings.token, "a preview"), second, settings.log);
    const name = { owner: policy.owner, name: policy.package };
    const approved = [policy.approve, settings.organizationApproval].filter((id) => id !== undefined);
    const graph = await observeForPolicy(connection, name, {
      policy,
      approved,
      progress: settings.progress,
      readsSizes: settings.readsSizes,
    });
    const summary = summaryOf(protection, name);
    const inUse = summary === undefined ? {} : { inUse: summary };
    if (!isInUse(protection, name)) return { kind: "observed", graph, policy: written, ...inUse };
    const missing = missingInUse(graph, protection, name, policy.restore);
    if (missing !== undefined) return { kind: "failed", observationError: missing, policy: written, inUse: true };
    const digests = digestsInUse(graph, protection, name);
    return { kind: "observed", graph, policy: { ...written, protect: [...new Set([...(written.protect ?? []), ...digests])] }, ...inUse };
  } catch (error) {
    // A package that cannot be read fails by itself: the plans of the others are still shown.
    if (error instanceof RetentionError) return { kind: "failed", observationError: error.message, policy: written };
    throw error;
  }
}
