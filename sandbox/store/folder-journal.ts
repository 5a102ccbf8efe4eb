import { appendFileSync, closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import type { Journal } from "./journal";
import type { Package } from "./package";
import { Entry, packageRecord, settingsRecord, versionRecord } from "./records";
import type { Store } from "./store";
import type { Version } from "./version";

/** Appends a line for each request with changes, so that a kill loses only the current request. */
export class FolderJournal implements Journal {
  readonly #packages = new Set<Package>();
  readonly #versions = new Map<Version, Package>();
  readonly #blobs: [string, string][] = [];
  #settings = false;

  constructor(
    readonly file: string,
    readonly store: () => Store,
  ) {}

  packageChanged(pkg: Package): void {
    this.#packages.add(pkg);
  }

  versionChanged(pkg: Package, version: Version): void {
    this.#versions.set(version, pkg);
  }

  blobLinked(repository: string, digest: string): void {
    this.#blobs.push([repository, digest]);
  }

  settingsChanged(): void {
    this.#settings = true;
  }

  commit(): void {
    if (this.#packages.size + this.#versions.size + this.#blobs.length === 0 && !this.#settings) return;
    const entry: Partial<Entry> = {
      packages: [...this.#packages].map(packageRecord),
      versions: [...this.#versions].map(([version, pkg]) => versionRecord(pkg, version)),
      blobs: this.#blobs,
      ...(this.#settings ? { settings: settingsRecord(this.store()) } : {}),
    };
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
    this.#forget();
  }

  /** Rewrites the file with the current state. */
  compact(blobs: Iterable<[string, string]>): void {
    const store = this.store();
    const partial = `${this.file}.partial`;
    const file = openSync(partial, "w");
    const write = (entry: Partial<Entry>) => writeSync(file, `${JSON.stringify(entry)}\n`);
    write({ settings: settingsRecord(store), blobs: [...blobs] });
    for (const pkg of [...store.deletedPackages(), ...store.packages()]) {
      const versions = [...pkg.active.all(), ...pkg.deleted.all()].map((version) => versionRecord(pkg, version));
      write({ packages: [packageRecord(pkg)], versions });
    }
    closeSync(file);
    renameSync(partial, this.file);
    this.#forget();
  }

  #forget(): void {
    this.#packages.clear();
    this.#versions.clear();
    this.#blobs.length = 0;
    this.#settings = false;
  }
}

/** Returns the journal's entries, without a last line that a kill cut short. */
export function readJournal(file: string): Entry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  // The part after the last newline is empty or an incomplete line.
  lines.pop();
  return lines.map((line) => Entry.parse(JSON.parse(line)));
}
