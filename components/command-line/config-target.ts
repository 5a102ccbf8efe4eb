import { existsSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseEndpoints } from "../config/endpoints";
import { patternTest } from "../config/selection";
import { addEntries } from "../config-file/add-entries";
import type { CommentedEntry, CommentedRuleSet } from "../config-file/commented-entry";
import { withSchemaLine } from "../config-file/schema-line";
import { type StackDefaults, stackDefaultsOf } from "../config-file/stack-defaults";
import type { Endpoints } from "../inventory/connection";
import { count } from "../messages/plurals";
import type { PackageName } from "../model/inventory";
import { withoutControls } from "../model/printable";
import { isInProject } from "./new-project";
import { schemaReference } from "./schema-reference";
import { readStackFile, type StackFile } from "./stack-file";
import { configFileOf, type StackOptions } from "./workspace";

export interface TargetOptions extends StackOptions {
  /** Another file, or `-` for the terminal. */
  readonly output?: string;
}

/** The stack's config file to which policies are added, or the terminal. Lines that the file has are never changed. */
export class ConfigTarget {
  readonly endpoints: Endpoints;
  readonly defaults: StackDefaults;
  readonly #path: string;
  readonly #prints: boolean;
  readonly #file: StackFile | undefined;
  /** The commands that the project still needs, since they failed. */
  readonly #unfinished: readonly string[];

  /** Throws where the file exists and is invalid. */
  constructor({ output, ...options }: TargetOptions, unfinished: readonly string[] = []) {
    this.#unfinished = unfinished;
    this.#prints = output === "-";
    this.#path = output === undefined || this.#prints ? configFileOf(options) : output;
    this.#file = existsSync(this.#path) ? readStackFile(this.#path) : undefined;
    this.endpoints = this.#file?.endpoints ?? parseEndpoints({});
    this.defaults = stackDefaultsOf(this.#file?.shared);
  }

  /** The path of the policy that a package has in the file. */
  pathOf(owner: string, name: string): string | undefined {
    const wanted = `${owner}/${name}`.toLowerCase();
    const own = this.#file?.policies.find(({ policy }) => `${policy.owner}/${policy.package}`.toLowerCase() === wanted);
    const shared = this.#file?.organizations.find(({ whole: { organization } }) => {
      return organization.owner.toLowerCase() === owner.toLowerCase() && patternTest(organization.packages)(name);
    });
    return (own ?? shared)?.configPath;
  }

  /** The path of the policy that the same selection of packages has in the file. */
  pathOfSelection(owner: string, packages: readonly string[]): string | undefined {
    const wanted = JSON.stringify([owner.toLowerCase(), packages]);
    const found = this.#file?.organizations.find(({ whole: { organization } }) => {
      return JSON.stringify([organization.owner.toLowerCase(), organization.packages]) === wanted;
    });
    return found?.configPath;
  }

  /** The packages that have a policy of their own. */
  get packages(): readonly PackageName[] {
    return (this.#file?.policies ?? []).map(({ policy }) => ({ owner: policy.owner, name: policy.package }));
  }

  /** Writes the entries, and prints last what to do next. */
  add(entries: readonly CommentedEntry[], ruleSets: readonly CommentedRuleSet[] = []): void {
    if (this.#prints) {
      if (entries.length > 0) process.stdout.write(addEntries("", entries, "the output", ruleSets));
      return;
    }
    if (entries.length === 0) {
      const steps = this.#firstSteps();
      process.stdout.write(`${this.#path}: nothing to add\n${steps.length === 0 ? "" : `next: ${steps.join(", then ")}\n`}`);
      return;
    }
    const before = this.#file === undefined ? "" : readFileSync(this.#path, "utf8");
    // A symbolic link stays a link.
    const path = this.#file === undefined ? this.#path : realpathSync(this.#path);
    replaceFile(path, withSchemaLine(addEntries(before, entries, this.#path, ruleSets), schemaReference(path)));
    const steps = [...this.#firstSteps(), "`pulumi preview`, which shows the plan and deletes nothing"];
    process.stdout.write(
      `${this.#path}: ${count(entries.length, "policy", "policies")} added. Read the comments, and change what you like.\nnext: ${steps.join(", then ")}\n`,
    );
  }

  /** What has to be done before a preview can be had. */
  #firstSteps(): string[] {
    if (isInProject(process.cwd())) return this.#unfinished.map((command) => `\`${command}\``);
    return [
      "`npx ghcr-retention init --new --owner NAME`, which writes the program that reads the config, since there is no Pulumi.yaml here or above",
    ];
  }
}

/** Replaces a file at once: a command that is stopped leaves the old one. */
function replaceFile(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.new`;
  try {
    writeFileSync(unfinished, text);
    renameSync(unfinished, path);
  } catch (error) {
    const why = existsSync(dirname(path))
      ? withoutControls(error instanceof Error ? error.message : String(error))
      : `there is no folder ${dirname(path)}`;
    throw new Error(`${path} cannot be written: ${why}. Nothing was written: print the entries with \`--output -\`, or name another file`);
  }
}
