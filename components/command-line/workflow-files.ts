import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { ReadFile } from "../migration/workflow/workflow-steps";

export interface WorkflowFile {
  /** As the user named it, or below the folder that the user named. */
  readonly path: string;
  readonly content: string;
  /** Its path in the repository, with slashes; absent outside `.github`. */
  readonly inRepository?: string;
  /** Reads other files of the same repository. */
  readonly readFile: ReadFile;
}

/** Reads workflows, and all that a folder or the repository in it has. Throws where one cannot be read. */
export function workflowFiles(paths: readonly string[]): WorkflowFile[] {
  const files = paths.flatMap((path) => (isFolder(path) ? filesIn(path) : [path]));
  return [...new Set(files)].map(workflowFile);
}

function filesIn(folder: string): string[] {
  const workflows = join(folder, ".github", "workflows");
  const from = isFolder(workflows) ? workflows : folder;
  const names = readdirSync(from).filter((name) => /\.ya?ml$/i.test(name));
  if (names.length === 0) throw new Error(`${from} has no workflows: expected files that end in .yml or .yaml`);
  return names.sort().map((name) => join(from, name));
}

function workflowFile(path: string): WorkflowFile {
  const root = repositoryOf(path);
  const inRepository = root === undefined ? undefined : relative(root, resolve(path)).split(sep).join("/");
  return { path, content: read(path), ...(inRepository === undefined ? {} : { inRepository }), readFile: (name) => readBelow(root, name) };
}

/** The folder that holds `.github`, above a file in it. */
function repositoryOf(path: string): string | undefined {
  const parts = resolve(path).split(sep);
  const at = parts.lastIndexOf(".github");
  return at === -1 ? undefined : parts.slice(0, at).join(sep) || sep;
}

function readBelow(root: string | undefined, name: string): string | undefined {
  if (root === undefined) return undefined;
  const path = resolve(root, name);
  return path.startsWith(root.endsWith(sep) ? root : root + sep) && existsSync(path) && !isFolder(path) ? read(path) : undefined;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Error(`${path} cannot be read: expected the file of a GitHub workflow, or a folder of them`);
  }
}
