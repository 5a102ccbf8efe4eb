import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { engineIsMissing, findEngine } from "./engine";
import { ownManifest } from "./own-manifest";

const Manifest = z.looseObject({ type: z.string().optional() });

const programFile = "retention.js";

/** Reports whether a folder belongs to a Pulumi project: the engine looks for its file upwards. */
export function isInProject(folder: string): boolean {
  if (projectFileIn(folder) !== undefined) return true;
  return dirname(folder) !== folder && isInProject(dirname(folder));
}

function projectFileIn(folder: string): string | undefined {
  return ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * Makes a folder a Pulumi project with a stack, whose program declares what the stack's config holds. Keeps every file that exists.
 * Throws where that is impossible, before it writes anything. Returns the commands that failed, which a person has to run.
 */
export function createProject(folder: string, stack: string): string[] {
  for (const path of [projectFileIn(folder), join(folder, programFile)]) {
    if (path !== undefined && existsSync(path)) {
      throw new Error(
        `--new: ${basename(path)} exists: expected a folder without a Pulumi project. Nothing was written; leave out --new to add to its config`,
      );
    }
  }
  const manifest = manifestOf(folder);
  const files: Record<string, string> = {
    ...(manifest === undefined ? { "package.json": `${JSON.stringify({ private: true }, undefined, 2)}\n` } : {}),
    ...(existsSync(join(folder, ".gitignore")) ? {} : { ".gitignore": "node_modules/\n" }),
    [programFile]:
      manifest?.type === "module" ? 'export * from "ghcr-retention/stack";\n' : 'module.exports = require("ghcr-retention/stack");\n',
    "Pulumi.yaml": stringify({
      name: projectName(folder),
      description: "Retention policies of container packages on GHCR",
      main: programFile,
      // Without it the SDK loads TypeScript first, and fails on a project that has TypeScript 7.
      runtime: { name: "nodejs", options: { typescript: false } },
    }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  process.stderr.write(`written: ${Object.keys(files).join(", ")}\n`);
  const { pulumi, env } = findEngine(folder);
  return [...installMissing(folder), ...run({ cwd: folder, env }, pulumi, ["stack", "select", "--create", stack])];
}

function manifestOf(folder: string): z.output<typeof Manifest> | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  try {
    return Manifest.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new Error("--new: package.json cannot be read: expected the manifest of an npm package. Nothing was written", { cause });
  }
}

/** The engine takes letters, digits, `-`, `_` and `.`: https://www.pulumi.com/docs/iac/concepts/projects/ */
function projectName(folder: string): string {
  return basename(resolve(folder)).replace(/[^A-Za-z0-9_.-]+/g, "-") || "ghcr-retention";
}

function installMissing(folder: string): string[] {
  const resolves = createRequire(join(folder, programFile));
  const { version, peerDependencies } = ownManifest();
  const wanted = { "ghcr-retention": version, ...peerDependencies };
  const missing = Object.entries(wanted).filter(([name]) => !canResolve(resolves, `${name}/package.json`));
  if (missing.length === 0) return [];
  return run({ cwd: folder }, "npm", ["install", ...missing.map(([name, version]) => `${name}@${version}`)]);
}

function canResolve(from: NodeJS.Require, file: string): boolean {
  try {
    from.resolve(file);
    return true;
  } catch {
    return false;
  }
}

/** Runs a command that the project needs. Returns it where it failed, which leaves the project to be completed by hand. */
function run(where: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv }, command: string, args: readonly string[]): string[] {
  // On Windows npm is a script, which only a shell starts.
  const shell = process.platform === "win32";
  const { status, error } = spawnSync(command, shell ? args.map((arg) => `"${arg}"`) : args, { ...where, shell, stdio: ["inherit", 2, 2] });
  if (status === 0) return [];
  process.exitCode = 1;
  const isMissing = (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT" && command !== "npm";
  const failed = `${basename(command)} ${args.join(" ")}`;
  process.stderr.write(`\`${failed}\` failed${isMissing ? `: ${engineIsMissing}` : ""}\n`);
  return [failed];
}
