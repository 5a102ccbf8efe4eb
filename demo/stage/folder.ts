import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { repository } from "./project";

export class UnusableFolder extends Error {
  override readonly name = "UnusableFolder";
}

/** The file that holds the id of the process using the folder. */
const lockFile = "playing";

/** Returns the demo's default folder, emptied of the files of an earlier demo. */
export function ownFolder(folder = join(repository, ".demo")): string {
  const other = processIn(folder);
  if (other !== undefined) {
    throw new UnusableFolder(
      `a demo is already running in ${folder} (process ${other}): wait until it ends, or run 'npm run demo -- --dir .demo/second'`,
    );
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return enter(folder);
}

/** Returns the chosen folder. It must be inside the repository, since the program in it finds this package by name. */
export function newFolder(wanted: string): string {
  const folder = resolve(wanted);
  const inside = relative(repository, folder);
  if (inside === "" || inside.startsWith("..") || isAbsolute(inside)) {
    throw new UnusableFolder(`--dir ${wanted}: expected a folder inside ${repository}`);
  }
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) throw new UnusableFolder(`--dir ${wanted}: expected a new or an empty folder`);
  return enter(folder);
}

/** Releases the folder for another demo. */
export function leaveFolder(folder: string): void {
  rmSync(join(folder, lockFile), { force: true });
}

function enter(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, lockFile), String(process.pid), { flag: "wx" });
  return folder;
}

function processIn(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, lockFile), "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch {
    // No such file, or no such process anymore.
    return undefined;
  }
}
