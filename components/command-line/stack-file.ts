import { readFileSync } from "node:fs";
import { z } from "zod";
import { declaresNothing, nothingDeclared, plainToken, refuse, requireSoundConfig } from "../config/config-keys";
import { namespace } from "../config/config-schema";
import { parseEndpoints } from "../config/endpoints";
import { type MisplacedKeys, misplacedKeys } from "../config/misplaced-keys";
import { policyOfPackage } from "../config/override";
import { patternTest } from "../config/selection";
import { type ConfiguredOrganization, readStackOrganizations } from "../config/stack-organizations";
import { type ConfiguredPolicy, readStackPolicies } from "../config/stack-policies";
import { parseEngineYaml } from "../config-file/engine-yaml";
import type { Endpoints } from "../inventory/connection";
import { ConfigError } from "../model/errors";
import { withoutControls } from "../model/printable";
import { describeIssues } from "../rules/parse-policy";
import { findProject, qualified } from "./workspace";

const StackFile = z.object(
  { config: z.record(z.string(), z.unknown(), "expected keys and values").nullish() },
  "expected a stack's config, which begins with `config:`",
);

/** The contents of a stack's config file without its secrets: they are encrypted, so the token comes from GITHUB_TOKEN. */
export interface StackFile {
  readonly policies: readonly ConfiguredPolicy[];
  readonly organizations: readonly ConfiguredOrganization[];
  readonly endpoints: Endpoints;
  /** What the config lacks where it declares no policy at all. */
  readonly lacks?: string;
  readonly misplaced: MisplacedKeys;
  /** As written. */
  readonly shared: { readonly ruleSets: unknown; readonly defaults: unknown };
}

/** Reads a stack's config for a command that says what becomes of its packages. Throws where policies stand where none are read. */
export function readDeclared(path: string): StackFile {
  const file = readStackFile(path);
  refuse(file.misplaced.certain);
  for (const text of file.misplaced.likely) process.stderr.write(`warning: ${text}\n`);
  return file;
}

export function readStackFile(path: string): StackFile {
  const config = parseStackFile(path);
  requireSoundConfig(config);
  if (typeof config[`${namespace}:token`] === "string") process.stderr.write(`warning: ${plainToken}\n`);
  const get = (key: string) => config[`${namespace}:${key}`];
  const shared = { ruleSets: get("ruleSets"), defaults: get("defaults") };
  return {
    ...(declaresNothing(config) ? { lacks: nothingDeclared } : {}),
    misplaced: misplacedKeys(config, findProject()?.name),
    shared,
    policies: readStackPolicies({ policies: get("policies"), ...shared }),
    organizations: readStackOrganizations({ organizations: get("organizations"), ...shared }),
    endpoints: parseEndpoints({
      githubApiUrl: get("githubApiUrl"),
      registryUrl: get("registryUrl"),
      deletionsPerMinute: get("deletionsPerMinute"),
      cacheDir: get("cacheDir"),
    }),
  };
}

function parseStackFile(path: string): Readonly<Record<string, unknown>> {
  const { value: written = {}, errors } = parseEngineYaml(read(path));
  const [error] = errors;
  // The message repeats the lines in question.
  if (error !== undefined) throw new ConfigError(`${path} is not valid YAML: ${error.message.split("\n").map(withoutControls).join("\n")}`);
  const parsed = StackFile.safeParse(written ?? {});
  if (!parsed.success) throw new ConfigError(`${path} is not valid:\n${describeIssues(parsed.error)}`);
  const project = findProject();
  return { ...qualified(project?.config ?? {}, project), ...qualified(parsed.data.config ?? {}, project) };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Error(`${path} cannot be read: name the stack with --stack, or its file with --config-file`);
  }
}

/** A package's policy, with the organisation's that selects the package, where one does. */
export interface FoundPolicy extends ConfiguredPolicy {
  readonly organization?: ConfiguredOrganization;
}

/** The policy of `owner/name`, or of `name` where only one owner has it. */
export function findPolicy(file: StackFile, name: string): FoundPolicy {
  const policies: FoundPolicy[] = [...file.policies, ...ofOrganizations(file, name)];
  const wanted = name.toLowerCase();
  // A name with its owner may also be read as a package of another owner: `acme/app` of `corp`.
  const named = policies.filter(({ policy }) => `${policy.owner.toLowerCase()}/${policy.package}` === wanted);
  const found = named.length > 0 ? named : policies.filter(({ policy }) => policy.package === wanted);
  const [only] = found;
  if (only && found.length === 1) return only;
  if (file.lacks !== undefined) throw new Error(file.lacks);
  const there = policies.map(({ policy }) => `${policy.owner}/${policy.package}`).join(", ") || "none";
  throw new Error(`${found.length === 0 ? "no policy" : "more than one policy"} for ${name} in the stack's config; there are: ${there}`);
}

/** The organisations' policies for a package, selected by its name. Only the program knows images in use. */
function ofOrganizations({ organizations }: StackFile, name: string): FoundPolicy[] {
  return organizations.flatMap((configured) => {
    const { whole, configPath } = configured;
    const { shared, overrides, organization, protect } = whole;
    const prefix = `${shared.owner}/`.toLowerCase();
    const own = name.toLowerCase().startsWith(prefix) ? name.slice(prefix.length) : name;
    if (!patternTest(organization.packages)(own)) return [];
    const policy = policyOfPackage({ ...shared, protect: protect.filter((one) => !one.includes("/")) }, overrides, own);
    return [{ policy, configPath: `${configPath}.overrides["${own}"]`, weaker: [], organization: configured }];
  });
}
