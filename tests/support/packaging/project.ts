import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const root = join(__dirname, "..", "..", "..");

const Locked = z.looseObject({ version: z.string().optional() });
const Lock = z.object({ packages: z.record(z.string(), Locked) });
export const Manifest = z.looseObject({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()),
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
});

/** As a lock writes it down. */
const Packed = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
  bin: z.record(z.string(), z.string()).default({}),
  engines: z.record(z.string(), z.string()).default({}),
});

/** What a Pulumi project in TypeScript has, as `pulumi new typescript` writes it. */
const ownDependencies = ["@pulumi/pulumi", "@types/node", "typescript"];

/** `npm pack` of a package's folder, into another. */
export async function pack(from: string, folder: string): Promise<string> {
  const { stdout } = await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd: from });
  return join(folder, stdout.trim());
}

/** The policy pack, written as a package and packed. */
export async function packPolicies(folder: string): Promise<string> {
  const written = join(folder, "policies");
  await run(process.execPath, [join(root, "scripts", "run.mjs"), "policy-pack", written], { cwd: root });
  return pack(written, folder);
}

/** A folder for one test file, with the packed tarball in it. */
export async function packedFolder(): Promise<{ readonly folder: string; readonly tarball: string }> {
  const folder = await mkdtemp(join(tmpdir(), "ghcr-retention-package-"));
  return { folder, tarball: await pack(root, folder) };
}

/**
 * Makes a folder a Pulumi project that has tarballs among its dependencies. Its lock names the versions of the repository's own, so
 * that npm finds them in its cache.
 */
export async function writeProject(project: string, tarballs: readonly string[]): Promise<void> {
  await mkdir(project, { recursive: true });
  const { packages: locked } = Lock.parse(JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")));
  const dependencies = Object.fromEntries(ownDependencies.map((name) => [name, locked[`node_modules/${name}`]?.version ?? ""]));
  const packages: Record<string, unknown> = {};
  const needed = [...ownDependencies];
  for (const tarball of tarballs) {
    const file = basename(tarball);
    await cp(tarball, join(project, file));
    const { stdout } = await run("tar", ["xzOf", tarball, "package/package.json"]);
    const { name, ...manifest } = Packed.parse(JSON.parse(stdout));
    const hash = createHash("sha512").update(await readFile(tarball));
    packages[`node_modules/${name}`] = { ...manifest, resolved: `file:${file}`, integrity: `sha512-${hash.digest("base64")}` };
    dependencies[name] = `file:${file}`;
    needed.push(...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  }
  const places = [...needed.map((name) => `node_modules/${name}`), ...(await packagesFor(root, ...needed))];
  for (const place of places) {
    const { dev: _dev, devOptional: _devOptional, ...rest } = locked[place] ?? {};
    packages[place] = rest;
  }
  const own = { name: "empty", version: "1.0.0", dependencies };
  const lock = { ...own, lockfileVersion: 3, requires: true, packages: { "": own, ...packages } };
  await writeFile(join(project, "package.json"), JSON.stringify({ ...own, private: true }, undefined, 2));
  await writeFile(join(project, "package-lock.json"), JSON.stringify(lock, undefined, 2));
}

/** `npm install` from the registry. */
export async function npmInstall(project: string, ...args: readonly string[]): Promise<void> {
  await run("npm", ["install", "--save-exact", "--ignore-scripts", "--no-audit", "--no-fund", ...args], { cwd: project });
}

/** Installs packages from the registry into a folder of their own, below another. */
export async function installApart(folder: string, name: string, ...packages: readonly string[]): Promise<string> {
  const home = join(folder, name);
  await mkdir(home);
  await writeFile(join(home, "package.json"), JSON.stringify({ private: true }));
  await npmInstall(home, ...packages);
  return join(home, "node_modules");
}

/** A Node from npm's registry. */
export async function nodeOf(folder: string, version: string): Promise<string> {
  const name = `node-linux-${process.arch}`;
  const node = join(await installApart(folder, `binary-${version}`, `${name}@${version}`), name, "bin", "node");
  const { stdout } = await run(node, ["--version"]);
  if (stdout.trim() !== `v${version}`) throw new Error(`${name}@${version} is Node ${stdout}`);
  return node;
}

/** An empty Pulumi project into which npm has installed the tarball; what npm said. */
export async function installWithNpm(project: string, tarball: string): Promise<string> {
  await writeProject(project, [tarball]);
  const { stderr } = await run("npm", ["ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: project });
  return stderr;
}

const Needing = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      dependencies: z.record(z.string(), z.string()).default({}),
      optionalDependencies: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

/** Where everything lies that packages need, themselves left out: what the lock says of their dependencies, and of theirs. */
export async function packagesFor(project: string, ...names: readonly string[]): Promise<ReadonlySet<string>> {
  const { packages } = Needing.parse(JSON.parse(await readFile(join(project, "package-lock.json"), "utf8")));
  const found = new Set<string>();
  const waiting = names.map((name) => `node_modules/${name}`);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const { dependencies = {}, optionalDependencies = {} } = packages[path] ?? {};
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const place = placeOf(packages, path, needed);
      if (place === undefined || found.has(place)) continue;
      found.add(place);
      waiting.push(place);
    }
  }
  return found;
}

/** Node looks beside the package first, then further up. */
function placeOf(packages: Readonly<Record<string, unknown>>, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const place = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in packages) return place;
    if (folder === "") return undefined;
  }
}

/** Everything below a folder, and how many bytes it is. */
export async function sizeOf(folder: string): Promise<{ readonly files: readonly string[]; readonly bytes: number }> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return { files, bytes: contents.reduce((sum, { length }) => sum + length, 0) };
}

export async function removeFolder(folder: string | undefined): Promise<void> {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}
