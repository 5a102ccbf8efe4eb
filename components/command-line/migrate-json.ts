import type { Danger } from "../../cleaners/cleaner";
import type { Unread } from "../../cleaners/unread";
import { entryOf } from "../config-file/render-entry";
import { describeProblem } from "../migration/describe";
import type { MigratedEntry, UnansweredStep } from "../migration/entries";
import type { InFile } from "../migration/read-workflow";
import { type HarmlessStep, isOnlySuggested, type Translation } from "../migration/step/translation";
import type { ObservedMigration } from "./observe-migration";

/** What `migrate --json` prints. */
export interface MigrationReport {
  readonly entries: readonly MigratedEntry[];
  /** What was observed of each entry; absent without a token. */
  readonly observed?: readonly (readonly ObservedMigration[])[] | undefined;
  readonly unanswered: readonly UnansweredStep[];
  readonly harmless: readonly InFile<HarmlessStep>[];
  readonly others: readonly InFile<Danger>[];
  readonly unread: readonly InFile<Unread>[];
}

/** Renders a migration as JSON: the policies with the steps that they come from, and all that was not translated. Pure. */
export function migrationAsJson({ entries, observed, unanswered, harmless, others, unread }: MigrationReport): string {
  const report = {
    policies: entries.map(({ entry, steps }, place) => ({
      ...entryOf(entry),
      from: steps.map(stepAsJson),
      observed: observed?.[place]?.map(observedAsJson) ?? null,
    })),
    unanswered: unanswered.map(({ step, path, problem }) => ({
      ...placeOf(step, path),
      problem: problem.kind,
      message: describeProblem(step, path, problem),
    })),
    harmless: harmless.map(({ step, path, because }) => ({ ...placeOf(step, path), because })),
    losesImages: others.map(({ path, line, what, why, source }) => ({ path, line, what, why, source })),
    unread: unread.map(({ path, line, kind, what, deletes }) => ({ path, line, kind, what, deletes })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** The old workflow's deletions and the new rules' plan, both as of today, in versions and images. */
function observedAsJson(observed: ObservedMigration) {
  if ("failure" in observed) return { package: observed.label, failure: observed.failure };
  const { total, versions, images, withheld } = observed.plan;
  return {
    package: observed.label,
    versions: total,
    oldWorkflow: observed.old === undefined ? null : { deletes: observed.old.versions, breaks: observed.old.breaks },
    newRules: { deletes: versions, images, withheld },
  };
}

function stepAsJson({ step, path, rules, open, effect, notes, losses }: InFile<Translation>) {
  const suggested = rules.filter((one) => isOnlySuggested(one, open));
  return {
    ...placeOf(step, path),
    open,
    ...(effect === undefined ? {} : { effect }),
    suggested: suggested.map(({ rule, gaps = [] }) => ({ rule, missing: gaps })),
    notes,
    losses,
  };
}

function placeOf({ action, ref, line }: { readonly action: string; readonly ref: string; readonly line: number }, path: string) {
  return { path, line, action, ref };
}
