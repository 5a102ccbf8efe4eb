import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { z } from "zod";
import { parseEngineYaml } from "../config-file/engine-yaml";
import { ConfigError } from "../model/errors";
import { engineOutput } from "./engine";

/** The options by which every command finds a stack. */
export interface StackOptions {
  /** As the engine takes it: `dev`, `organization/dev` or `organization/project/dev`. */
  readonly stack?: string;
  readonly configFile?: string;
}

export const stackOption = [
  "-s, --stack <name>",
  "the stack, in any form that `pulumi` takes (default: the selected one, or dev)",
] as const;
export const configFileOption = [
  "-c, --config-file <path>",
  "its config file, where it is named otherwise than Pulumi.<stack>.yaml",
] as const;

/** A Pulumi project: https://www.pulumi.com/docs/iac/concepts/projects/project-file */
export interface Project {
  readonly folder: string;
  /** The extension of its file, which those of its stacks share. */
  readonly extension: string;
  readonly name?: string | undefined;
  readonly stackConfigDir?: string | undefined;
  /** Config of all stacks, which the config of a stack overrides. */
  readonly config: Readonly<Record<string, unknown>>;
}

const ProjectFile = z.object({
  name: z.string().optional(),
  stackConfigDir: z.string().optional(),
  config: z.record(z.string(), z.unknown()).nullish(),
});

/** Finds the project of a folder: in it or in the nearest one above, as the engine does. */
export function findProject(from = process.cwd()): Project | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = ["Pulumi.json", "Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
    if (file !== undefined) return readProject(file);
    if (folder === dirname(folder)) return undefined;
  }
}

function readProject(file: string): Project {
  const { value, errors } = parseEngineYaml(readFileSync(file, "utf8"));
  const parsed = ProjectFile.safeParse(value);
  if (errors.length > 0 || !parsed.success) throw new ConfigError(`${file} is not a valid project: run \`pulumi preview\`, which says why`);
  const { config, ...rest } = parsed.data;
  const values = Object.entries(config ?? {}).flatMap(([key, written]): [string, unknown][] => {
    const isDeclaration = typeof written === "object" && written !== null && !Array.isArray(written);
    if (!isDeclaration) return [[key, written]];
    const { value = (written as { readonly default?: unknown }).default } = written as { readonly value?: unknown };
    return value === undefined ? [] : [[key, value]];
  });
  return { ...rest, folder: dirname(file), extension: extname(file), config: Object.fromEntries(values) };
}

/** Returns the name of the stack: the one asked for, otherwise the one that the environment names or that is selected, otherwise `dev`. */
export function stackNameOf({ stack }: StackOptions): string {
  return stack ?? process.env.PULUMI_STACK ?? selectedStack() ?? "dev";
}

/** Returns the path of a stack's config file, where the engine has it. Organisation and project are no part of its name. */
export function configFileOf(options: StackOptions): string {
  if (options.configFile !== undefined) return options.configFile;
  const name = stackNameOf(options).split("/").at(-1);
  const project = findProject();
  if (project === undefined) return `Pulumi.${name}.yaml`;
  return relative(process.cwd(), join(project.folder, project.stackConfigDir ?? "", `Pulumi.${name}${project.extension}`));
}

function selectedStack(): string | undefined {
  try {
    const name = engineOutput(["stack", "--show-name", "--non-interactive"]).trim();
    return name === "" ? undefined : name;
  } catch {
    // Without an engine, a project or a selection.
    return undefined;
  }
}

/** Returns config by full keys: the engine adds the project's name to a key without a namespace, and takes `<namespace>:config:<key>`. */
export function qualified(config: Readonly<Record<string, unknown>>, project: Project | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const parts = key.split(":");
      if (parts.length === 1) return [`${project?.name ?? ""}:${key}`, value];
      return [parts.length === 3 && parts[1] === "config" ? `${parts[0]}:${parts[2]}` : key, value];
    }),
  );
}
