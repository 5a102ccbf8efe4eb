import type { Danger, Step } from "../../cleaners/cleaner";
import { yamlProblem } from "../../cleaners/steps";
import type { Unread } from "../../cleaners/unread";
import { dangersIn } from "../../cleaners/workflow";
import { type HarmlessStep, isHarmless, type Translation } from "./step/translation";
import { translateContainerRetentionPolicy } from "./translators/container-retention-policy";
import { translateDeletePackageVersions } from "./translators/delete-package-versions";
import { translateCleanupAction } from "./translators/ghcr-cleanup-action";
import { translateCleanupManager } from "./translators/ghcr-cleanup-manager";
import { type ReadFile, type WorkflowStep, workflowSteps } from "./workflow/workflow-steps";

export const translators: ReadonlyMap<string, (step: Step) => Translation | HarmlessStep> = new Map<
  string,
  (step: Step) => Translation | HarmlessStep
>([
  ["actions/delete-package-versions", translateDeletePackageVersions],
  ["dataaxiom/ghcr-cleanup-action", translateCleanupAction],
  ["ghcr-manager/ghcr-cleanup-manager", translateCleanupManager],
  ["snok/container-retention-policy", translateContainerRetentionPolicy],
]);

/** Something with the file that it stands in. */
export type InFile<Found> = Found & { readonly path: string };

/** What a workflow does with container packages. */
export interface WorkflowReading {
  readonly translations: readonly InFile<Translation>[];
  readonly harmless: readonly InFile<HarmlessStep>[];
  /** Scripts and other actions that lose images; they are reported, not translated. */
  readonly others: readonly InFile<Danger>[];
  /** What deletes package versions, or may, and cannot be read. */
  readonly unread: readonly InFile<Unread>[];
  /** Files of the repository that were read for it, by their paths there. */
  readonly called: ReadonlySet<string>;
  /** Whether the workflow starts only where another one calls it. */
  readonly isOnlyCalled: boolean;
}

/** Reads a workflow or a composite action, and what it calls in its repository. Throws unless it is YAML. Pure but for `readFile`. */
export function readWorkflow(content: string, path: string, readFile: ReadFile = () => undefined): WorkflowReading {
  const problem = yamlProblem(content);
  if (problem !== undefined) {
    throw new Error(`${path} cannot be read as YAML: expected a GitHub workflow; GitHub itself refuses this one (${problem})`);
  }
  const { steps, read, isOnlyCalled } = workflowSteps(content, path, readFile);
  const found = steps.flatMap((step) => translated(step) ?? []);
  const files = [{ path, content }, ...[...read].map((name) => ({ path: name, content: readFile(name) ?? "" }))];
  const findings = files.map((file) => ({ path: file.path, ...dangersIn(file.content) }));
  return {
    translations: found.filter((one): one is InFile<Translation> => !isHarmless(one)),
    harmless: found.filter((one): one is InFile<HarmlessStep> => isHarmless(one)),
    others: findings.flatMap((file) =>
      file.dangers.filter(({ action = "" }) => !translators.has(action)).map((one) => ({ ...one, path: file.path })),
    ),
    unread: findings.flatMap((file) => file.unread.filter((one) => !isRead(one, read)).map((one) => ({ ...one, path: file.path }))),
    called: read,
    isOnlyCalled,
  };
}

function translated(step: WorkflowStep): InFile<Translation | HarmlessStep> | undefined {
  const { path } = step;
  const translate = translators.get(step.action);
  if (translate === undefined) return undefined;
  return step.isOff ? { step, path, because: "`if: false`: it never runs" } : { ...translate(step), path };
}

function isRead({ kind, origin = "" }: Unread, read: ReadonlySet<string>): boolean {
  if (kind === "workflow") return read.has(origin);
  return kind === "local-action" && [...read].some((path) => path.startsWith(`${origin}/action.y`));
}
