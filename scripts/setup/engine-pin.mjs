// @ts-check
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./paths.mjs";

/** The module from which the CLI is built. */
export const cliModule = join(root, "engine", "cli");

/** Returns the version of the CLI that the set-up downloads or else builds. */
export async function pinnedVersion() {
  const modules = await readFile(join(cliModule, "go.mod"), "utf8");
  const version = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(modules)?.[1];
  if (!version) throw new Error("engine/cli/go.mod does not name github.com/pulumi/pulumi/pkg/v3");
  return version;
}
