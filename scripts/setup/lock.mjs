// @ts-check
import { mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runningGroups } from "./command.mjs";
import { tools } from "./paths.mjs";
import { say } from "./progress.mjs";

const freshenMs = 1_000;
const staleMs = 20_000;
// Longer than any single command on a slow machine.
const orphanMs = 20 * 60_000;

/**
 * Does work of which only one instance may run in this repository.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {string} [directory]
 * @returns {Promise<T>}
 */
export async function withLock(name, work, directory = join(tools, "locks")) {
  await mkdir(directory, { recursive: true });
  const path = join(directory, name);
  await acquire(name, path);
  const freshening = setInterval(() => freshen(path), freshenMs);
  try {
    return await work();
  } finally {
    clearInterval(freshening);
    await rm(path, { force: true });
  }
}

/** @param {string} name @param {string} path */
async function acquire(name, path) {
  let waiting = false;
  while (!(await create(path))) {
    if (await isStale(path)) {
      await removeStale(path);
      continue;
    }
    if (!waiting) say(`${name}: another run of this repository is busy with it, waiting`);
    waiting = true;
    await sleep(300);
  }
}

/** @param {string} path */
async function create(path) {
  try {
    const file = await open(path, "wx");
    await file.writeFile(holder());
    await file.close();
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Removes an abandoned lock. Only one waiter at a time does so, and checks again first: another may have taken a new lock. @param {string} path */
async function removeStale(path) {
  const broom = `${path}.stale`;
  if (!(await create(broom))) return sleep(50);
  if (await isStale(path)) await rm(path, { force: true });
  await rm(broom, { force: true });
}

/** Updates the lock's time without creating the file, which may just have been released. @param {string} path */
function freshen(path) {
  return writeFile(path, holder(), { flag: "r+" }).catch(() => undefined);
}

/** Returns this process and its process groups, which could survive it: npm, Go, an installer. */
function holder() {
  return `${[process.pid, ...runningGroups].join(" ")}\n`;
}

/**
 * Whether the lock is abandoned: its process is gone, or no longer updates the file.
 * The commands that it started may still be running, and must end first.
 * @param {string} path
 */
async function isStale(path) {
  try {
    const [{ mtimeMs }, content] = await Promise.all([stat(path), readFile(path, "utf8")]);
    if (content === "") return Date.now() - mtimeMs > staleMs;
    const [pid = 0, ...groups] = content.replace(/\n.*$/s, "").split(" ").map(Number);
    const age = Date.now() - mtimeMs;
    if (age < staleMs && isAlive(pid)) return false;
    return age > orphanMs || !groups.some((group) => isAlive(-group));
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
}

/** @param {number} pid a negative one is a process group */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, "ESRCH");
  }
}

/** @param {unknown} error @param {string} code */
function isCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
