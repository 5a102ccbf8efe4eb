import { readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import cacache from "cacache";

const day = 86_400_000;
const tidiedAfter = day / 24;
const forgottenAfter = 90 * day;
/** What is younger may belong to a run that is under way. */
const abandonedAfter = day / 48;

/**
 * Once an hour at the most: removes what was replaced and what killed runs have left, and forgets the packages that no run has
 * asked for in 90 days. `cacache.verify` does more than that, and takes from other runs what they are writing just now.
 */
export async function tidy(folder: string, now = Date.now()): Promise<void> {
  const marker = join(folder, "tidied");
  const last = await ageOf(marker, now);
  if (last !== undefined && last < tidiedAfter) return;
  await writeFile(marker, "");
  await utimes(marker, now / 1_000, now / 1_000);

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
