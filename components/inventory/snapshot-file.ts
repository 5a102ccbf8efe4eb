import { hash, randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RetentionError } from "../model/errors";

/** A file with a package's inventory, from the program to the provider. */
export interface SnapshotFile {
  readonly file: string;
  /** SHA-256 of the file's content, in hex digits. */
  readonly sha256: string;
}

/** Reserves a folder with an unguessable name. It is created with its first file, and removed when this process ends, by a signal as well. */
export function reserveFolder(): string {
  const folder = join(tmpdir(), `ghcr-retention-${randomUUID()}`);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      remove();
      // Without this listener the signal would have ended the process, unless somebody else listens.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
  return folder;
}

/** Reserves files that are small and written by either side. Where their folder cannot be made, who writes there says so. */
export class ReservedFiles {
  readonly #folder: string;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  reserve(name: string): string {
    if (this.#count === 0) {
      try {
        mkdirSync(this.#folder, { mode: 0o700 });
      } catch {}
    }
    return join(this.#folder, `${name}-${this.#count++}`);
  }
}

/**
 * Writes inventories to files that only this user can read. They are no inputs of the resource, because the engine copies each
 * input several times and writes it to its log.
 */
export class SnapshotFolder {
  readonly #folder: string;
  #isThere: Promise<unknown> | undefined;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a file. Throws a {@link RetentionError} if that fails. */
  async write(label: string, text: string): Promise<SnapshotFile> {
    const bytes = Buffer.from(text);
    const file = join(this.#folder, String(this.#count++));
    try {
      this.#isThere ??= makeFolder(this.#folder);
      await this.#isThere;
      await writeFile(file, bytes, { flag: "wx" });
    } catch (error) {
      throw new RetentionError(
        `${label}: what was seen of it cannot be left for the provider in ${tmpdir()} (${codeOf(error)}); make room there, or name another folder in TMPDIR.`,
      );
    }
    return { file, sha256: hash("sha256", bytes) };
  }
}

/** Reads a file. Throws a {@link RetentionError} if it is missing or changed. */
export async function readSnapshot(label: string, { file, sha256 }: SnapshotFile): Promise<string> {
  const bytes = await readLeft(label, file);
  if (hash("sha256", bytes) !== sha256) throw new RetentionError(`${label}: ${file} is not as it was written: ${remedy}`);
  return bytes.toString("utf8");
}

const remedy = "expected what the program left there; the provider must see the program's files. Run it again.";

/** Reads what the program left in a file. Throws a {@link RetentionError} if it is missing. */
export function readLeft(label: string, file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw unreadableFile(label, file, codeOf(error));
  });
}

export function unreadableFile(label: string, file: string, why: string): RetentionError {
  return new RetentionError(`${label}: ${file} cannot be read (${why}): ${remedy}`);
}

/** Removes a file that the provider has read. */
export function removeSnapshot({ file }: Pick<SnapshotFile, "file">): void {
  rmSync(file, { force: true });
}

/**
 * Writes the provider's answer to the program: what the engine passed on. It is no output of the resource, because the outputs of a
 * resource without changes are those of an earlier run. Throws a {@link RetentionError} if that fails.
 */
export async function writeAnswer(label: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600 });
  } catch (error) {
    throw new RetentionError(
      `${label}: what the engine passed on of it cannot be left for the program in ${dirname(dirname(file))} (${codeOf(error)}); make room there, or name another folder in TMPDIR.`,
    );
  }
}

/** Reads an answer and removes it; `undefined` where the provider was not asked. */
export async function takeAnswer(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  } finally {
    removeSnapshot({ file });
  }
}

/** The program makes the folder, or the first file that its thread writes there. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) !== "EEXIST") throw error;
  });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown reason";
}
