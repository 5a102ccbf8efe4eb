// @ts-check
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { capture } from "./command.mjs";
import { root } from "./paths.mjs";

const output = join(root, "bin");
const stamp = join(output, ".compiled");
const projects = {
  node: join(root, "tsconfig.json"),
  /** The script of a review's page. */
  browser: join(root, "components", "review", "browser", "tsconfig.json"),
};

/** bin/, from the TypeScript sources: Pulumi's dynamic provider loads the compiled life cycle. @type {import("./progress.mjs").Step} */
export const compile = {
  name: "compile",
  async ready() {
    const compiled = await readFile(stamp, "utf8").catch(() => undefined);
    return compiled === fingerprint(await sources()) ? "up to date" : undefined;
  },
  async make(doing) {
    doing("compiling TypeScript to bin/");
    const files = await sources();
    const compiling = fingerprint(files);
    await mkdir(output, { recursive: true });
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const incremental = ["--incremental", "--tsBuildInfoFile", join(output, ".tsbuildinfo")];
    const options = { cwd: root, failure: "the TypeScript sources do not compile: see the errors above" };
    await capture(process.execPath, [tsc, "-p", projects.node, ...incremental], options);
    await capture(process.execPath, [tsc, "-p", projects.browser], options);
    await removeOrphans(files);
    // Last, and of what was there before: sources that changed meanwhile are compiled again.
    await writeFile(stamp, compiling);
    return "compiled";
  },
};

async function sources() {
  /** @type {{ include: string[] }} */
  const { include } = JSON.parse(await readFile(projects.node, "utf8"));
  const found = await Promise.all(include.map((path) => typescriptIn(join(root, path))));
  return found.flat().sort();
}

/** @param {string} folder or a file @returns {Promise<string[]>} */
async function typescriptIn(folder) {
  if (folder.endsWith(".ts")) return [folder];
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith(".ts")).map((entry) => join(entry.parentPath, entry.name));
}

/** Of what they hold: a checkout or a copy gives a file another time, and an editor may keep it. @param {string[]} files */
function fingerprint(files) {
  const hash = createHash("sha256");
  for (const file of [...Object.values(projects), join(root, "package-lock.json"), ...files]) {
    const source = readFileSync(file);
    hash.update(`${relative(root, file)}\0${source.length}\0`).update(source);
  }
  return hash.digest("hex");
}

/** The compiler never deletes: what a removed source left in bin/ would still be loaded. @param {string[]} files */
async function removeOrphans(files) {
  const modules = new Set(files.map((file) => relative(root, file).replace(/\.ts$/, "")));
  const entries = await readdir(output, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const module = relative(output, path).replace(/(\.d\.ts|\.js)(\.map)?$/, "");
    if (entry.isFile() && /\.(js|d\.ts|js\.map)$/.test(entry.name) && !modules.has(module)) await rm(path, { force: true });
  }
}
