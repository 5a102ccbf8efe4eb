import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { migrateCommand } from "../../../components/command-line/migrate-command";
import { readStackOrganizations } from "../../../components/config/stack-organizations";
import { readStackPolicies } from "../../../components/config/stack-policies";
import { captured } from "../command-line/captured";

export interface Migrated {
  readonly code: number;
  readonly stdout: string;
  /** What the command says, with the paths as they are in the repository. */
  readonly stderr: string;
  /** The rules of each package, by `owner/name`. */
  readonly rules: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly protect: Readonly<Record<string, readonly string[]>>;
}

const workflows = ".github/workflows";

/** Runs `migrate` without a token on files of a repository; `paths` are those to migrate, otherwise the first file. */
export async function migrated(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  paths = [`${workflows}/${Object.keys(files)[0]}`],
): Promise<Migrated> {
  const folder = mkdtempSync(join(tmpdir(), "migrated-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name.includes("/") ? name : join(workflows, name));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const printing = args.includes("--json") ? [] : ["--output", "-"];
    const all = [...paths.map((path) => join(folder, path)), ...printing, ...args];
    const { code, ...printed } = await captured(migrateCommand(), all, { GITHUB_TOKEN: undefined });
    const [stdout, stderr] = [printed.stdout, printed.stderr].map((text) => text.replaceAll(`${folder}/`, ""));
    return {
      code,
      stdout: stdout ?? "",
      stderr: stderr ?? "",
      ...(args.includes("--json") ? { rules: {}, protect: {} } : written(stdout ?? "")),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads the printed config as the program does. */
function written(stdout: string): Pick<Migrated, "rules" | "protect"> {
  const { config = {} } = (parse(stdout) ?? {}) as { config?: Readonly<Record<string, unknown>> };
  const single = readStackPolicies({ policies: config["ghcr-retention:policies"] }).map(({ policy }) => policy);
  const several = readStackOrganizations({ organizations: config["ghcr-retention:organizations"] }).map(({ whole }) => whole);
  const rules = [
    ...single.map((policy) => [`${policy.owner}/${policy.package}`, policy.rules] as const),
    ...several.map(({ organization, shared }) => [`${organization.owner}/${organization.packages.join(", ")}`, shared.rules] as const),
  ];
  return {
    rules: Object.fromEntries(rules),
    protect: Object.fromEntries(single.map((policy) => [`${policy.owner}/${policy.package}`, policy.protect ?? []])),
  };
}
