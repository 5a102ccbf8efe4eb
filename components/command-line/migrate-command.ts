import { readFileSync } from "node:fs";
import { Command } from "commander";
import { selectPackages } from "../config/selection";
import { findToken } from "../config/token";
import { type CommentedEntry, labelOf } from "../config-file/commented-entry";
import { policyOfEntry } from "../config-file/entry-policy";
import type { WrittenShared } from "../config-file/stack-defaults";
import { type Connection, connect } from "../inventory/connection";
import { listPackages } from "../inventory/github/list-packages";
import { describeAge } from "../messages/age";
import { entriesOf, type MigratedEntry, withoutOverlaps } from "../migration/entries";
import { describeLosses } from "../migration/losses";
import { readWorkflow, translators, type WorkflowReading } from "../migration/read-workflow";
import { observeForPolicy } from "../observe/observe-policy";
import { ObserveProgress } from "../observe/progress";
import { describePlan, todaysPlan } from "../proposal/plan-today";
import { ConfigTarget, type TargetOptions } from "./config-target";
import { orReason } from "./or-reason";
import { configFileOption, stackOption } from "./workspace";

interface Options extends TargetOptions {
  readonly owner?: string;
  readonly package?: string;
}

/** `ghcr-retention migrate <workflow>` turns an old clean-up workflow into a policy. It only reads packages. */
export function migrateCommand(): Command {
  return new Command("migrate")
    .description(
      "Translates an old clean-up workflow into rules in the stack's config, and reports which images the workflow would break. Deletes nothing.",
    )
    .argument("<workflow>", "the workflow's file, such as .github/workflows/clean.yml")
    .option("-o, --owner <name>", "whose package it is, where the workflow does not say")
    .option("-p, --package <name>", "which package it is, where the workflow does not say; several with commas between")
    .option(...stackOption)
    .option(...configFileOption)
    .option("--output <file>", "another file to write to, or `-` to print")
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const reading = readWorkflow(read(path), path);
  logUntranslated(reading, path);
  if (reading.translations.length === 0) {
    throw new Error(
      `${path}: nothing to migrate; expected a step that cleans up container packages by ${[...translators.keys()].join(", ")}`,
    );
  }
  const target = new ConfigTarget(options);
  const fresh = withoutOverlaps(entriesOf(reading.translations, options, path, target.defaults), target.packages).filter(({ entry }) =>
    isNew(entry, target),
  );
  const token = findToken(undefined);
  if (token === undefined) {
    log("without GITHUB_TOKEN the packages are not observed: the comments describe in general what the old workflow would break");
    return target.add(fresh.map(({ entry }) => entry));
  }
  const connection = connect(target.endpoints, token, undefined, log);
  const progress = new ObserveProgress({ log, logged: !process.stderr.isTTY });
  const entries: CommentedEntry[] = [];
  for (const migrated of fresh) entries.push(await withObservation(migrated, { connection, progress, shared: target.defaults.shared }));
  target.add(entries);
}

function logUntranslated({ harmless, others }: WorkflowReading, path: string): void {
  for (const { step, because } of harmless) log(`${path}, line ${step.line}: ${step.action}: nothing to migrate: ${because}`);
  for (const { line, what, why, rule } of others) {
    log(`${path}, line ${line}: ${what}: not translated; it loses images: ${why}. The same as a rule:\n  ${rule}`);
  }
}

function isNew(entry: CommentedEntry, target: ConfigTarget): boolean {
  const { owner, packages } = entry;
  const path = typeof packages === "string" ? target.pathOf(owner, packages) : target.pathOfSelection(owner, packages);
  if (path !== undefined) log(`${labelOf(entry)}: has a policy at ${path}, which stays as it is`);
  return path === undefined;
}

interface ObservationContext {
  readonly connection: Connection;
  readonly progress: ObserveProgress;
  readonly shared: WrittenShared;
}

/** Adds comments on the deletions that the old workflow and the new rules would each make in the packages today. */
async function withObservation(
  { entry, oldDeletions }: MigratedEntry,
  { connection, progress, shared }: ObservationContext,
): Promise<CommentedEntry> {
  const { owner, packages } = entry;
  const names = await orReason(async () => {
    return typeof packages === "string" ? [packages] : selectPackages(await listPackages(connection.github, owner), { packages });
  });
  if ("reason" in names) return unobserved(entry, names.reason);
  const lines: string[] = [];
  for (const name of names) {
    const policy = policyOfEntry(entry, name, shared);
    const graph = await orReason(() => observeForPolicy(connection, { owner, name }, { policy, progress }));
    if ("reason" in graph) {
      lines.push(...unobserved({ ...entry, comment: [] }, graph.reason).comment);
      continue;
    }
    const losses = oldDeletions === undefined ? [] : describeLosses(graph, oldDeletions(graph));
    const about = [...losses, ...describePlan(todaysPlan(graph, policy), policy, describeAge(policy.grace ?? 0))];
    for (const line of about) log(`${owner}/${name}: ${line.trim()}`);
    lines.push(...(names.length > 1 || typeof packages !== "string" ? [`${name}:`] : []), ...about);
  }
  return { ...entry, comment: [...entry.comment, "", ...lines] };
}

function unobserved(entry: CommentedEntry, reason: string): CommentedEntry {
  process.exitCode = 1;
  log(`${labelOf(entry)}: could not be observed: ${reason}`);
  return { ...entry, comment: [...entry.comment, `Not observed: ${reason}`] };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Error(`${path} cannot be read: expected the file of a GitHub workflow`);
  }
}

function log(text: string): undefined {
  process.stderr.write(`${text}\n`);
}
