import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A stack whose record is empty, as `pulumi stack export` prints it. */
export const emptyRecord = JSON.stringify({ deployment: {} });

/** A `pulumi` that exports a record, in a folder for PATH. */
export interface StandInEngine {
  readonly path: string;
  /** Lets `pulumi stack export` print this. */
  exports(text: string): void;
}

export function standInEngine(folder: string): StandInEngine {
  const path = join(folder, "engine");
  const file = join(path, "export.json");
  mkdirSync(path, { recursive: true });
  writeFileSync(file, emptyRecord);
  writeFileSync(join(path, "pulumi"), `#!/bin/sh\n/bin/cat ${file}\n`, { mode: 0o755 });
  return { path, exports: (text) => writeFileSync(file, text) };
}

/** Goes on in a folder, such as one outside of this clone, where the commands take no engine of its set-up. Returns what goes back. */
export function within(folder: string): () => void {
  const before = process.cwd();
  process.chdir(folder);
  return () => process.chdir(before);
}
