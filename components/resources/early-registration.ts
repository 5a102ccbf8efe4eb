import { parseWrittenPolicy, type WrittenPolicy } from "../config/written-policy";
import type { Endpoints } from "../inventory/connection";
import { endOutcome } from "../inventory/outcome-file";
import { removeSnapshot } from "../inventory/snapshot-file";
import type { ObservationInputs } from "../lifecycle/state/stored";
import type { ThreadOutcome } from "../observe/messages";
import * as pulumi from "../sdk/pulumi";
import { observer } from "./observer";
import { withoutStackTraces } from "./stack-traces";

/** The engines that have a resource registered early: with Pulumi's Automation API one process runs several programs. */
const served = new WeakSet<object>();

/** An observation that a file tells of, so that the resource can be registered before it is done. */
interface EarlyObservation {
  readonly file: string;
  readonly observed: Promise<ThreadOutcome>;
  readonly protect: readonly string[] | undefined;
}

/**
 * Observes a package for a resource that is registered at once. The engine starts the provider's process with the first resource, and that
 * process takes longer to load than most packages to observe. So only the first policy of a program gains by it; one that protects images
 * in use waits for the observation, since its inputs hold their digests.
 */
export function observeEarly(
  policy: WrittenPolicy,
  endpoints: Pick<Endpoints, "registryUrl">,
  observe: () => Promise<ThreadOutcome>,
): EarlyObservation | undefined {
  const engine = pulumi.runtime.getMonitor();
  if (engine === undefined || served.has(engine)) return undefined;
  const parsed = parseWrittenPolicy(policy, endpoints);
  if (parsed.kind === "invalid" || parsed.protection.references.length > 0) return undefined;
  served.add(engine);
  const file = observer().beginOutcome();
  if (file === undefined) return undefined;
  // Where the resource is not part of the run, nothing else keeps the connection to the engine meanwhile.
  const done = withoutStackTraces(() => pulumi.runtime.rpcKeepAlive());
  const observed = observe();
  observed
    .then(
      (outcome) => endOutcome(file, observationInputs(outcome)),
      () => removeSnapshot({ file }),
    )
    .finally(done);
  return { file, observed, protect: parsed.written.protect };
}

export function observationInputs(outcome: ThreadOutcome): ObservationInputs {
  switch (outcome.kind) {
    case "observed":
      return { snapshot: outcome.snapshot };
    case "failed":
      return { observationError: outcome.observationError };
    case "invalid":
      return { policyError: outcome.policyError };
    case "mocked":
      return {};
  }
}

/** The same as properties, each known once the observation is done. */
export function observedProperties(inputs: pulumi.Output<ObservationInputs>): { readonly [Key in keyof ObservationInputs]-?: unknown } {
  return {
    snapshot: inputs.apply(({ snapshot }) => snapshot),
    observationError: inputs.apply(({ observationError }) => observationError),
    policyError: inputs.apply(({ policyError }) => policyError),
  };
}
