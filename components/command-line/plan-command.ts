import { Command } from "commander";
import { requireCommandToken } from "../config/token";
import { csvOf } from "../listing/csv";
import { listPackage } from "../listing/list-package";
import { type PlanList, schemaVersion } from "../listing/plan-list";
import { count } from "../messages/plurals";
import { ObserveProgress } from "../observe/progress";
import { withUnknownBlobs } from "../plan/storage";
import type { Finding, Findings } from "../review/finding";
import { isIncomplete, reviewOf } from "../review/review";
import { writeOutput } from "./output-file";
import { reviewStack } from "./review-stack";
import { recordOf } from "./stack-export";
import { findPolicy, readDeclared, type StackFile } from "./stack-file";
import { configFileOf, configFileOption, type StackOptions, stackNameOf, stackOption } from "./workspace";

interface Options extends StackOptions {
  readonly json?: true;
  readonly csv?: true;
  readonly sizes?: true;
  readonly output?: string;
}

/** `ghcr-retention plan` lists what a stack's policies decide of every version, for people, spreadsheets and other tools. */
export function planCommand(): Command {
  return new Command("plan")
    .description(
      "Plans a stack's packages as a preview does, and lists every version with its verdict, reason, ages and bytes. Deletes nothing.",
    )
    .argument("[package...]", "app, or owner/app where several owners have one (default: all packages of the stack)")
    .option(...stackOption)
    .option(...configFileOption)
    .option("--json", "every version as JSON: docs/plan.md")
    .option("--csv", "every version as a line of CSV, for spreadsheets")
    .option(
      "--sizes",
      "read the manifests that a preview leaves unread, each once, to know exactly what is freed; each counts as a download",
    )
    .option("--output <file>", "a file to write to, instead of the terminal")
    .action(run);
}

async function run(names: readonly string[], { json, csv, sizes, output, ...options }: Options): Promise<void> {
  if (json && csv) throw new Error("expected --json or --csv, not both: run it once for each");
  const stack = stackNameOf(options);
  const file = readDeclared(configFileOf({ ...options, stack }));
  const only = names.length === 0 ? undefined : new Set(names.map((name) => keyOf(file, name)));
  const token = requireCommandToken("this command");
  const progress = new ObserveProgress({ log, logged: !process.stderr.isTTY });
  const findings = await reviewStack({ stack, file, record: recordOf(stack), token, only, readsSizes: sizes === true, progress });
  const text = json ? jsonOf(stack, findings) : csv ? csvOf(findings.packages.map(listPackage)) : textOf(findings);
  writeOutput(output, text);
  for (const line of remarks(findings, { isData: json === true || csv === true, sizes: sizes === true })) log(line);
  if (isIncomplete(reviewOf(stack, findings))) process.exitCode = 1;
}

/** Returns `owner/name` in lower case. Throws where the stack has no such policy. */
function keyOf(file: StackFile, name: string): string {
  const { policy } = findPolicy(file, name);
  return `${policy.owner}/${policy.package}`.toLowerCase();
}

function jsonOf(stack: string, { packages, notes, errors }: Findings): string {
  const list: PlanList = { schemaVersion, stack, packages: packages.map(listPackage), notes: [...notes], errors: [...errors] };
  return `${JSON.stringify(list, undefined, 2)}\n`;
}

/** What `pulumi preview` prints under each resource. */
function textOf({ packages, organizations }: Findings): string {
  const sections = [
    ...packages.flatMap(({ name, preview, warnings }) => {
      return preview === undefined ? [] : [[name, preview.text, ...warnings.map((warning) => `warning: ${warning}`)]];
    }),
    ...organizations.flatMap(({ name, text }) => (text === undefined ? [] : [[name, text]])),
  ];
  return sections.map(([name, ...paragraphs]) => `${name}\n\n${paragraphs.join("\n\n")}\n`).join("\n");
}

/** What is no data: notes, why packages have no plan, and what `--sizes` could not read. */
function remarks(
  { packages, notes, errors }: Findings,
  { isData, sizes }: { readonly isData: boolean; readonly sizes: boolean },
): string[] {
  return [
    ...notes,
    ...errors,
    ...packages.flatMap(({ name, failure }) =>
      failure === undefined ? [] : [`${name}: not planned, so nothing of it is deleted: ${failure}`],
    ),
    ...(isData ? packages.flatMap(({ name, warnings }) => warnings.map((warning) => `${name}: warning: ${warning}`)) : []),
    ...(sizes ? packages.flatMap(unreadText) : []),
  ];
}

function unreadText({ name, decision }: Finding): string[] {
  const left = decision === undefined ? [] : withUnknownBlobs(decision.plan.deletions.graph);
  const [first] = left;
  if (first === undefined) return [];
  return [
    `${name}: ${count(left.length, "manifest")} could not be read, since the registry does not know what GitHub lists: ${first.version.digest}`,
  ];
}

function log(text: string): void {
  process.stderr.write(`${text}\n`);
}
