// @ts-check
import { mkdir, open, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tools } from "./paths.mjs";
import { say } from "./progress.mjs";

const freshenMs = 2_000;
const staleMs = 20_000;

/**
 * Does work that must not run twice at once in this repository.
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
  const freshen = setInterval(() => utimes(path, new Date(), new Date()).catch(() => undefined), freshenMs);
  try {
    return await work();
  } finally {
    clearInterval(freshen);
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
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Only one waiter at a time clears up, and looks again first: another may hold a new lock by now. @param {string} path */
async function removeStale(path) {
  const broom = `${path}.stale`;
  if (!(await create(broom))) return sleep(50);
  if (await isStale(path)) await rm(path, { force: true });
  await rm(broom, { force: true });
}

/** A holder that died leaves its file behind: its process is gone, or it stopped freshening the file. @param {string} path */
async function isStale(path) {
  try {
    const [{ mtimeMs }, content] = await Promise.all([stat(path), readFile(path, "utf8")]);
    if (Date.now() - mtimeMs > staleMs) return true;
    return content !== "" && !isAlive(Number(content));
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
}

/** @param {number} pid */
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
