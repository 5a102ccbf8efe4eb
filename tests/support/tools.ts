import { accessSync, constants } from "node:fs";
import path from "node:path";
import type { Context } from "mocha";

const root = path.join(__dirname, "..", "..");

/** The path of a tool that set-up built, or that is on PATH. */
export function tool(name: string): string {
  const found = findTool(name);
  if (found === undefined) throw new Error(`${name} is missing: npm run setup`);
  return found;
}

/** What comes as a package of the distribution only. */
const packaged = ["skopeo", "buildah", "chromium", "jq", "runc"];
const longOnly = ["buildkitd", "buildx", "cosign3", "imgpkg", "notation", "versitygw"];

/**
 * As `tool`, but a tool that cannot be had here leaves the test pending: some are a distribution's package, the others
 * need Go, and what takes long to build is there for `npm run test:long` only.
 */
export function toolOrSkip(test: Context, name: string): string {
  const found = findTool(name);
  if (found !== undefined) return found;
  if (packaged.includes(name) || findTool("go") === undefined) test.skip();
  if (longOnly.includes(name) && !process.env.LONG) test.skip();
  return tool(name);
}

function findTool(name: string): string | undefined {
  const folders = [path.join(root, ".tools", "bin"), ...(process.env.PATH ?? "").split(path.delimiter)];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
