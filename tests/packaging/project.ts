import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const root = join(__dirname, "..", "..");

const Locked = z.looseObject({ version: z.string().optional(), dev: z.boolean().optional() });
const Lock = z.object({ lockfileVersion: z.number(), packages: z.record(z.string(), Locked) });
export const Manifest = z.looseObject({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()),
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
});

/** What a Pulumi project in TypeScript has, as `pulumi new typescript` writes it. */
const ownDependencies = ["@pulumi/pulumi", "@types/node", "typescript"];

/** `npm pack`, into a folder. */
export async function pack(folder: string): Promise<string> {
  await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack wrote no tarball");
  return join(folder, tarball);
}

/** A folder for one test file, with the packed tarball in it. */
export async function packedFolder(): Promise<{ readonly folder: string; readonly tarball: string }> {
  const folder = await mkdtemp(join(tmpdir(), "ghcr-retention-package-"));
  return { folder, tarball: await pack(folder) };
}

/**
 * An empty Pulumi project into which the tarball is installed by npm. The versions are those of the repository's lock, so that
 * npm finds them in its cache.
 */
export async function installWithNpm(project: string, tarball: string): Promise<string> {
  await mkdir(project, { recursive: true });
  await cp(tarball, join(project, basename(tarball)));
  const lock = Lock.parse(JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")));
  const manifest = Manifest.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  const versions = ownDependencies.map((name) => [name, lock.packages[`node_modules/${name}`]?.version]);
  const own = {
    name: "empty",
    version: "1.0.0",
    dependencies: { ...Object.fromEntries(versions), "ghcr-retention": `file:${basename(tarball)}` },
  };
  const { version, dependencies, peerDependencies, bin, engines } = manifest;
  const integrity = `sha512-${createHash("sha512")
    .update(await readFile(tarball))
    .digest("base64")}`;
  const others = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && dev !== true);
  const typesOfNode = Object.entries(lock.packages).filter(([path]) => ["@types/node", "undici-types"].includes(nameIn(path)));
  const packages = {
    "": own,
    ...Object.fromEntries([...others, ...typesOfNode].map(([path, { dev: _dev, ...locked }]) => [path, locked])),
    "node_modules/ghcr-retention": {
      version,
      resolved: `file:${basename(tarball)}`,
      integrity,
      dependencies,
      peerDependencies,
      bin,
      engines,
    },
  };
  await writeFile(join(project, "package.json"), JSON.stringify({ ...own, private: true }));
  await writeFile(join(project, "package-lock.json"), JSON.stringify({ ...own, lockfileVersion: 3, requires: true, packages }));
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

/** Where everything lies that a package needs, itself left out: what the lock says of its dependencies, and of theirs. */
export async function packagesFor(project: string, name: string): Promise<ReadonlySet<string>> {
  const { packages } = Needing.parse(JSON.parse(await readFile(join(project, "package-lock.json"), "utf8")));
  const found = new Set<string>();
  const waiting = [`node_modules/${name}`];
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

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
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
