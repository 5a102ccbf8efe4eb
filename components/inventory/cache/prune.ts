import { readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import cacache from "cacache";

const day = 86_400_000;
const tidiedAfter = day / 24;
const forgottenAfter = 90 * day;
/** Younger files may belong to a run in progress. */
const abandonedAfter = day / 48;

/**
 * Prunes the cache, at most once an hour: removes replaced entries and the remains of killed runs, and forgets packages that no
 * run has requested in 90 days. `cacache.verify` would also remove what other runs are writing.
 */
export async function tidy(folder: string, now = Date.now()): Promise<void> {
  const marker = join(folder, "tidied");
  const last = await ageOf(marker, now);
  if (last !== undefined && last < tidiedAfter) return;
  await writeFile(marker, "");
  await utimes(marker, now / 1_000, now / 1_000);
  // Without a marker the cache is new: many packages are just being written to it, and there is nothing to remove.
  if (last === undefined) return;

  const live = new Set<string>();
  for (const { key, time, integrity, path } of Object.values(await cacache.ls(folder))) {
    if (now - time < forgottenAfter) live.add(path);
    else {
      await cacache.rm.entry(folder, key);
      await cacache.rm.content(folder, integrity);
    }
  }
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    const isDisposable = path.startsWith(join(folder, "content-")) || path.startsWith(join(folder, "tmp"));
    if (!file.isFile() || !isDisposable || live.has(path)) continue;
    if (((await ageOf(path, now)) ?? 0) > abandonedAfter) await rm(path, { force: true });
  }
}

async function ageOf(path: string, now: number): Promise<number | undefined> {
  try {
    return now - (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
}
