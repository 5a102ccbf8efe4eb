import { Command } from "commander";
import { requireCommandToken } from "../config/token";
import { diagnose } from "../diagnosis/diagnose";
import type { Diagnosis } from "../diagnosis/finding";
import { tokenKind } from "../diagnosis/token-kind";
import { connect, type Endpoints } from "../inventory/connection";
import { gatherFacts } from "../inventory/probes/gather-facts";
import type { OwnerTarget } from "../inventory/probes/probe-owner";
import { RetentionError } from "../model/errors";
import { targetsOf } from "./doctor-targets";
import { diagnosisAsJson, renderDiagnosis } from "./render-diagnosis";
import { configFileOption, type StackOptions, stackOption } from "./workspace";

interface Options extends StackOptions {
  readonly owner?: string;
  readonly json?: true;
}

/** `ghcr-retention doctor` says what the token can do, and what of the policies' needs is missing. It only reads. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "Checks what GITHUB_TOKEN can do with a stack's packages, an owner's, or one: read, delete and restore, without doing the last two. Names what is missing, and the remedy.",
    )
    .argument("[package]", "app, or owner/app, which needs no stack (default: everything that the stack's config declares)")
    .option("-o, --owner <name>", "all packages of a GitHub user or organisation, which needs no stack")
    .option(...stackOption)
    .option(...configFileOption)
    .option("--json", "as data")
    .action(run);
}

async function run(name: string | undefined, { json, ...options }: Options): Promise<void> {
  const token = requireCommandToken("this command").trim();
  const { endpoints, owners } = targetsOf({ ...options, package: name });
  const diagnosis = await examine(token, endpoints, owners);
  if (diagnosis.lacks.length > 0) process.exitCode = 1;
  process.stdout.write(json ? diagnosisAsJson(diagnosis) : renderDiagnosis(diagnosis));
}

/** A token that GitHub does not accept reaches nothing, and is a finding as well. */
async function examine(token: string, endpoints: Endpoints, owners: readonly OwnerTarget[]): Promise<Diagnosis> {
  const kind = tokenKind(token);
  try {
    return diagnose(await gatherFacts(connect(endpoints, token, undefined, log), kind, owners));
  } catch (error) {
    if (!(error instanceof RetentionError)) throw error;
    return { token: { kind }, subjects: [], lacks: [{ kind: "account", message: error.message }] };
  }
}

function log(text: string): void {
  process.stderr.write(`${text}\n`);
}
