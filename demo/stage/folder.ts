import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { repository } from "./project";

export class UnusableFolder extends Error {
  override readonly name = "UnusableFolder";
}

/** Names the process that plays in the folder. */
const playing = "playing";

/** The demo's own folder: whatever an earlier demo left there is wiped. */
export function ownFolder(folder = join(repository, ".demo")): string {
  const other = playerIn(folder);
  if (other !== undefined) {
    throw new UnusableFolder(
      `a demo is under way in ${folder} (process ${other}): wait for its end, or run 'npm run demo -- --dir .demo/second'`,
    );
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return enter(folder);
}

/** A folder that somebody chose. The program in it finds this package by name, so it must lie in the repository. */
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

/** Another demo may take the folder from now on. */
export function leaveFolder(folder: string): void {
  rmSync(join(folder, playing), { force: true });
}

function enter(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, playing), String(process.pid), { flag: "wx" });
  return folder;
}

function playerIn(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, playing), "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch {
    // No such file, or no such process any more.
    return undefined;
  }
}
