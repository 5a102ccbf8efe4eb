import type { Danger, Step } from "../../cleaners/cleaner";
import { parseWorkflow, stepsIn } from "../../cleaners/steps";
import { dangersIn } from "../../cleaners/workflow";
import { isNothing, type Nothing, type Translation } from "./step/translation";
import { translateContainerRetentionPolicy } from "./translators/container-retention-policy";
import { translateDeletePackageVersions } from "./translators/delete-package-versions";
import { translateCleanupAction } from "./translators/ghcr-cleanup-action";
import { translateCleanupManager } from "./translators/ghcr-cleanup-manager";

export const translators: ReadonlyMap<string, (step: Step) => Translation | Nothing> = new Map<
  string,
  (step: Step) => Translation | Nothing
>([
  ["actions/delete-package-versions", translateDeletePackageVersions],
  ["dataaxiom/ghcr-cleanup-action", translateCleanupAction],
  ["ghcr-manager/ghcr-cleanup-manager", translateCleanupManager],
  ["snok/container-retention-policy", translateContainerRetentionPolicy],
]);

/** What a workflow does to container packages. */
export interface WorkflowReading {
  readonly translations: readonly Translation[];
  readonly nothings: readonly Nothing[];
  /** Scripts and other actions that lose images: named, not translated. */
  readonly others: readonly Danger[];
}

/** Reads a workflow or a composite action. Throws where it is no YAML. Pure. */
export function readWorkflow(content: string, path: string): WorkflowReading {
  const workflow = parseWorkflow(content);
  if (!workflow.readable) throw new Error(`${path} cannot be read as YAML: expected a GitHub workflow; GitHub itself refuses this one`);
  const found = stepsIn(workflow).flatMap((step) => translators.get(step.action)?.(step) ?? []);
  return {
    translations: found.filter((one): one is Translation => !isNothing(one)),
    nothings: found.filter(isNothing),
    others: dangersIn(content).dangers.filter(({ what }) => !translators.has(what.split(" ", 1)[0] ?? "")),
  };
}
