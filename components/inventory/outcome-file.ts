import { renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readLeft, removeSnapshot, unreadableFile } from "./snapshot-file";

/** The file holds the process that observes the package, and then what came of it. */
type Content<Outcome> = { readonly observer: number } | { readonly outcome: Outcome };

/** Milliseconds between two reads. */
const interval = 10;

/** Begins the file for an observation of this process, for {@link awaitOutcome}; reports whether it could be written. */
export function beginOutcome(file: string): boolean {
  try {
    write<never>(file, { observer: process.pid });
    return true;
  } catch {
    return false;
  }
}

/** Says what came of the observation. Where that cannot be written the file is removed, so that nobody waits for it. */
export function endOutcome(file: string, outcome: object): void {
  try {
    write(file, { outcome });
  } catch {
    removeSnapshot({ file });
  }
}

/**
 * Waits for what comes of an observation. Throws a `RetentionError` if the file is gone or the process that observes has ended, and the
 * reason of `stop` once that is aborted. Then the program's folder is removed with the file: the engine may kill a cancelled program before
 * it comes to do so.
 */
export async function awaitOutcome<Outcome>(label: string, file: string, stop: AbortSignal): Promise<Outcome> {
  for (let hasEnded = false; ; ) {
    if (stop.aborted) {
      rmSync(dirname(file), { recursive: true, force: true });
      throw stop.reason;
    }
    const content = JSON.parse((await readLeft(label, file)).toString("utf8")) as Content<Outcome>;
    if ("outcome" in content) return content.outcome;
    if (hasEnded) throw unreadableFile(label, file, `process ${content.observer} has ended`);
    // It may end right after its last word, so the file is read once more.
    hasEnded = !isRunning(content.observer);
    if (!hasEnded) await delay(interval);
  }
}

/** Replaces the file as a whole: a reader sees the old or the new content. */
function write<Outcome>(file: string, content: Content<Outcome>): void {
  writeFileSync(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
