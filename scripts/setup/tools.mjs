// @ts-check
import { readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findOnPath, isExecutable } from "./command.mjs";
import { go, goProblem } from "./go.mjs";
import { toolsBin, tools as toolsFolder } from "./paths.mjs";

/**
 * @typedef {object} Tool
 * @property {string} package the Go package of its command
 * @property {string} version
 * @property {string[]} neededFor the commands of run.mjs that use it; `test:long` is `test` with LONG, which needs more
 */

/** @type {Record<string, Tool>} */
export const goTools = JSON.parse(readFileSync(new URL("tools.json", import.meta.url), "utf8"));

/** The commands for which `setup` builds tools; it skips those that take minutes and that only the long tests use. @type {Record<string, string[]>} */
const alsoNeeded = { setup: ["demo", "test"], "test:long": ["test", "test:long"] };

/**
 * The OCI clients that tests and demo run, compiled from the Go module proxy. None is needed to use this project, so a client
 * that cannot be built is reported and is not an error: its tests are skipped, and counted as skipped.
 * @param {string} command
 * @returns {import("./progress.mjs").Step}
 */
export function toolsFor(command) {
  const purposes = alsoNeeded[command] ?? [command];
  const wanted = Object.entries(goTools).filter(([, tool]) => tool.neededFor.some((purpose) => purposes.includes(purpose)));
  return {
    name: "tools",
    async ready() {
      return (await missing(wanted)).length === 0 ? names(wanted) : undefined;
    },
    async make(doing) {
      await mkdir(toolsBin, { recursive: true });
      const toBuild = await missing(wanted);
      const problem = await goProblem(toolsBin);
      if (problem) return withoutGo(toBuild, problem);
      for (const [name, tool] of toBuild) {
        doing(`building ${name} ${tool.version}`);
        await build(name, tool);
      }
      return names(wanted);
    },
  };
}

/** @param {[string, Tool][]} wanted */
async function missing(wanted) {
  const states = await Promise.all(
    wanted.map(async ([name, { version }]) => {
      const built = await readFile(stampOf(name), "utf8").catch(() => undefined);
      return built === version && (await isExecutable(join(toolsBin, name)));
    }),
  );
  return wanted.filter((_, index) => !states[index]);
}

/** @param {string} name @param {Tool} tool */
async function build(name, tool) {
  const folder = join(toolsFolder, "build");
  await mkdir(folder, { recursive: true });
  try {
    const how = { cwd: folder, failure: `building ${name} from source failed` };
    // `go install` would also ask which versions are deprecated, which not every module proxy knows.
    await writeFile(join(folder, "go.mod"), "module tools\n");
    await go(["get", `${tool.package}@${tool.version}`], how);
    await go(["build", "-trimpath", "-ldflags", "-s -w", "-o", name, tool.package], how);
    await rename(join(folder, name), join(toolsBin, name));
    await writeFile(stampOf(name), tool.version);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} name */
function stampOf(name) {
  return join(toolsBin, `.${name}-version`);
}

/** Falls back to tools that the user has installed. @param {[string, Tool][]} toBuild @param {string} problem */
async function withoutGo(toBuild, problem) {
  const absent = [];
  for (const [name] of toBuild) if (!(await findOnPath(name))) absent.push(name);
  if (absent.length === 0) return "found on PATH";
  return `${absent.join(", ")} cannot be built, what needs them is skipped: ${problem}`;
}

/** @param {[string, Tool][]} wanted */
function names(wanted) {
  return wanted.map(([name]) => name).join(", ");
}
