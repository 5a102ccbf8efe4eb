import type { Danger, Step } from "../../cleaners/cleaner";
import { parseWorkflow, stepsIn } from "../../cleaners/steps";
import { dangersIn } from "../../cleaners/workflow";
import { type HarmlessStep, isHarmless, type Translation } from "./step/translation";
import { translateContainerRetentionPolicy } from "./translators/container-retention-policy";
import { translateDeletePackageVersions } from "./translators/delete-package-versions";
import { translateCleanupAction } from "./translators/ghcr-cleanup-action";
import { translateCleanupManager } from "./translators/ghcr-cleanup-manager";

export const translators: ReadonlyMap<string, (step: Step) => Translation | HarmlessStep> = new Map<
  string,
  (step: Step) => Translation | HarmlessStep
>([
  ["actions/delete-package-versions", translateDeletePackageVersions],
  ["dataaxiom/ghcr-cleanup-action", translateCleanupAction],
  ["ghcr-manager/ghcr-cleanup-manager", translateCleanupManager],
  ["snok/container-retention-policy", translateContainerRetentionPolicy],
]);

/** What a workflow does with container packages. */
export interface WorkflowReading {
  readonly translations: readonly Translation[];
  readonly harmless: readonly HarmlessStep[];
  /** Scripts and other actions that lose images; they are reported, not translated. */
  readonly others: readonly Danger[];
}

/** Reads a workflow or a composite action. Throws unless it is YAML. Pure. */
export function readWorkflow(content: string, path: string): WorkflowReading {
  const workflow = parseWorkflow(content);
  if (!workflow.readable) throw new Error(`${path} cannot be read as YAML: expected a GitHub workflow; GitHub itself refuses this one`);
  const found = stepsIn(workflow).flatMap((step) => translators.get(step.action)?.(step) ?? []);
  return {
    translations: found.filter((one): one is Translation => !isHarmless(one)),
    harmless: found.filter(isHarmless),
    others: dangersIn(content).dangers.filter(({ what }) => !translators.has(what.split(" ", 1)[0] ?? "")),
  };
}
