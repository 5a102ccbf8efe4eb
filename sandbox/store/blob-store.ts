import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Stores bytes by digest. */
export interface BlobStore {
  has(digest: string): boolean;
  get(digest: string): Buffer | undefined;
  put(digest: string, bytes: Buffer): void;
}

export class MemoryBlobStore implements BlobStore {
  readonly #blobs = new Map<string, Buffer>();

  has(digest: string): boolean {
    return this.#blobs.has(digest);
  }

  get(digest: string): Buffer | undefined {
    return this.#blobs.get(digest);
  }

  put(digest: string, bytes: Buffer): void {
    this.#blobs.set(digest, bytes);
  }
}

export class FolderBlobStore implements BlobStore {
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  has(digest: string): boolean {
    return existsSync(this.#file(digest));
  }

  get(digest: string): Buffer | undefined {
    return this.has(digest) ? readFileSync(this.#file(digest)) : undefined;
  }

  put(digest: string, bytes: Buffer): void {
    const file = this.#file(digest);
    if (existsSync(file)) return;
    mkdirSync(path.dirname(file), { recursive: true });
    // The rename ensures that a crash leaves no partial blob under its final name.
    writeFileSync(`${file}.partial`, bytes);
    renameSync(`${file}.partial`, file);
  }

  #file(digest: string): string {
    const [algorithm = "", hex = ""] = digest.split(":");
    return path.join(this.folder, algorithm, hex.slice(0, 2), hex);
  }
}
