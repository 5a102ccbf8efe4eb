import { Command } from "commander";
import { findToken } from "../config/token";
import { type CommentedEntry, labelOf } from "../config-file/commented-entry";
import { connect } from "../inventory/connection";
import { describeNeedless, describeOpenInput, describeProblem, describeUnread } from "../migration/describe";
import { asWritten, entriesOf, type MigratedEntry, withoutOverlaps } from "../migration/entries";
import { type InFile, readWorkflow, translators, type WorkflowReading } from "../migration/read-workflow";
import type { Translation } from "../migration/step/translation";
import { ObserveProgress } from "../observe/progress";
import { ConfigTarget, type TargetOptions } from "./config-target";
import { migrationAsJson } from "./migrate-json";
import { type ObservedMigration, observeMigration, withObserved } from "./observe-migration";
import { packageAnswers } from "./package-answers";
import { type WorkflowFile, workflowFiles } from "./workflow-files";
import { configFileOption, stackOption } from "./workspace";

interface Options extends TargetOptions {
  readonly owner?: string;
  readonly package?: readonly string[];
  readonly json?: boolean;
}

/** `ghcr-retention migrate <workflow…>` turns old clean-up workflows into policies. It only reads packages. */
export function migrateCommand(): Command {
  return new Command("migrate")
    .description(
      "Translates old clean-up workflows into rules in the stack's config, and reports which images the workflows would break. Deletes nothing.",
    )
    .argument("<workflow...>", "files such as .github/workflows/clean.yml, or a folder such as .github/workflows")
    .option("-o, --owner <name>", "whose package it is, where the workflow does not say")
    .option(
      "-p, --package <name>",
      "which package it is, where the workflow does not say; several with commas between. 'inputs.image=NAME' answers for one expression; may be repeated",
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .option(...stackOption)
    .option(...configFileOption)
    .option("--output <file>", "another file to write to, or `-` to print")
    .option("--json", "print the policies, and what was not translated, as JSON; write nothing")
    .action(run);
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  const reading = readAll(workflowFiles(paths));
  const where = paths.join(", ");
  if (options.json !== true) logUntranslated(reading);
  if (reading.translations.length === 0 && options.json !== true) {
    throw new Error(
      `${where}: nothing to migrate; expected a step that cleans up container packages by ${[...translators.keys()].join(", ")}`,
    );
  }
  const target = new ConfigTarget(options);
  const answers = packageAnswers(options.owner, options.package ?? []);
  const { entries, unanswered, needless } = entriesOf(reading.translations, answers, target.defaults);
  if (needless.length > 0) throw new Error(describeNeedless(needless, reading.translations));
  if (unanswered.length > 0) process.exitCode = 1;
  const all = withoutOverlaps(entries, target.packages);
  const token = findToken(undefined);
  if (options.json === true) {
    const observed = token === undefined ? undefined : await observeEach(all, token, target);
    process.stdout.write(migrationAsJson({ ...reading, entries: all, observed, unanswered }));
    return;
  }
  for (const { step, path, problem } of unanswered) log(describeProblem(step, path, problem));
  if (entries.length === 0) return;
  const fresh = all.filter(({ entry }) => isNew(entry, target));
  if (token === undefined) {
    log("without GITHUB_TOKEN the packages are not observed: the comments describe in general what the old workflow would break");
    return target.add(fresh.map(({ entry }) => entry));
  }
  const observed = await observeEach(fresh, token, target);
  target.add(fresh.map(({ entry }, place) => withObserved(entry, observed[place] ?? [])));
}

/** Observes the packages of each entry, says what was found, and fails where a package cannot be observed. */
async function observeEach(
  entries: readonly MigratedEntry[],
  token: string,
  { endpoints, defaults }: ConfigTarget,
): Promise<readonly (readonly ObservedMigration[])[]> {
  const connection = connect(endpoints, token, undefined, log);
  const progress = new ObserveProgress({ log, logged: !process.stderr.isTTY });
  const all: (readonly ObservedMigration[])[] = [];
  for (const migrated of entries) {
    const observed = await observeMigration(migrated, { connection, progress, shared: defaults.shared });
    for (const one of observed) {
      if ("failure" in one) {
        process.exitCode = 1;
        log(`${one.label}: could not be observed: ${one.failure}`);
      } else for (const line of one.lines) log(`${one.label}: ${line.trim()}`);
    }
    all.push(observed);
  }
  return all;
}

type Readings = Pick<WorkflowReading, "translations" | "harmless" | "others" | "unread">;

/** Reads all files; of several, one that is no YAML does not stop the others. */
function readAll(files: readonly WorkflowFile[]): Readings {
  const readings = files.flatMap((file) => {
    try {
      return [{ file, ...readWorkflow(file.content, file.path, file.readFile) }];
    } catch (error) {
      if (files.length === 1) throw error;
      process.exitCode = 1;
      log(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  const called = new Set(readings.flatMap(({ called }) => [...called]));
  // What another of the files calls was read there, with the values that it gives.
  const own = readings.filter(
    ({ file, isOnlyCalled }) => !(isOnlyCalled && file.inRepository !== undefined && called.has(file.inRepository)),
  );
  return {
    translations: own.flatMap(({ translations }) => translations),
    harmless: own.flatMap(({ harmless }) => harmless),
    others: own.flatMap(({ others }) => others),
    unread: own.flatMap(({ unread }) => unread),
  };
}

function logUntranslated({ translations, harmless, others, unread }: Readings): void {
  for (const { step, path, because } of harmless) log(`${path}, line ${step.line}: ${step.action}: nothing to migrate: ${because}`);
  for (const { path, line, what, why, rule } of others) {
    log(`${path}, line ${line}: ${what}: not translated; it loses images: ${why}. The same as a rule:\n  ${rule}`);
  }
  for (const one of unread) log(describeUnread(one.path, one));
  const open = translations.filter(({ open }) => open.length > 0).map(describeOpenStep);
  // The runs of a matrix leave the same open.
  for (const text of new Set(open)) log(text);
}

function describeOpenStep(translation: InFile<Translation>): string {
  const { step, path, open } = translation;
  const effect = asWritten(translation);
  return [
    `${path}, line ${step.line}: ${step.action}: stays open, and no rule of it deletes until it is completed in the config:`,
    ...open.map((one) => `  ${describeOpenInput(one)}`),
    ...(effect === undefined ? [] : [`  as the old step is written, ${effect}`]),
  ].join("\n");
}

function isNew(entry: CommentedEntry, target: ConfigTarget): boolean {
  const { owner, packages } = entry;
  const path = typeof packages === "string" ? target.pathOf(owner, packages) : target.pathOfSelection(owner, packages);
  if (path !== undefined) log(`${labelOf(entry)}: has a policy at ${path}, which stays as it is`);
  return path === undefined;
}

function log(text: string): undefined {
  process.stderr.write(`${text}\n`);
}
