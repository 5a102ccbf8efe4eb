import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LookError } from "../inventory/errors";

/** Where the program left what it saw of a package, for the provider. */
export interface Handed {
  readonly file: string;
  /** Of the file's content, in hex digits. */
  readonly sha256: string;
}

let folder: string | undefined;
let count = 0;

/**
 * Leaves it in a file that only this user can read. It is no input of its own, since the engine copies, and writes to its log, each
 * input that goes through it, several times over. Throws a {@link LookError} where it cannot be written.
 */
export function handOver(label: string, text: string): Handed {
  try {
    folder ??= openFolder();
    const file = join(folder, String(count++));
    writeFileSync(file, text, { flag: "wx" });
    return { file, sha256: sha256Of(text) };
  } catch (error) {
    throw new LookError(
      `${label}: what was seen of it cannot be left for the provider in ${tmpdir()} (${codeOf(error)}); make room there, or name another folder in TMPDIR.`,
    );
  }
}

/** What was left, as it was. Throws a {@link LookError} where it is not that. */
export async function takeOver(label: string, { file, sha256 }: Handed): Promise<string> {
  const remedy = "expected what the program left there; the provider must see the program's files. Run it again.";
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new LookError(`${label}: ${file} cannot be read (${codeOf(error)}): ${remedy}`);
  });
  if (sha256Of(text) !== sha256) throw new LookError(`${label}: ${file} is not as it was written: ${remedy}`);
  return text;
}

/** Once the provider has it. */
export function clearAway({ file }: Handed): void {
  rmSync(file, { force: true });
}

function openFolder(): string {
  const opened = mkdtempSync(join(tmpdir(), "ghcr-retention-"));
  process.once("exit", () => rmSync(opened, { recursive: true, force: true }));
  return opened;
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown reason";
}
