/** A package version of GitHub: one manifest of a package. */
export interface Version {
  readonly id: number;
  readonly digest: string;
  mediaType: string;
  manifest: Buffer;
  createdAt: number;
  updatedAt: number;
  /** The tags; of a deleted version, its former ones. */
  tags: string[];
  downloads: number;
  deletedAt: number | undefined;
  /** Listed by GitHub, but missing in the registry, as reported by users. */
  unknownToRegistry: boolean;
  /** Tags that GitHub's list shows for this version although the registry has them on another, as reported by users. */
  alsoListedTags: string[];
}

function older(a: Version, b: Version): number {
  return a.createdAt - b.createdAt || a.id - b.id;
}

/** Versions sorted by creation, so that reading a page does not depend on the size of the list. */
export class VersionList {
  #oldestFirst: Version[] = [];

  get size(): number {
    return this.#oldestFirst.length;
  }

  add(version: Version): void {
    this.#oldestFirst.splice(this.#indexOf(version), 0, version);
  }

  addMany(versions: readonly Version[]): void {
    for (const version of versions) this.#oldestFirst.push(version);
    this.#oldestFirst.sort(older);
  }

  remove(version: Version): boolean {
    const index = this.#indexOf(version);
    if (this.#oldestFirst[index] !== version) return false;
    this.#oldestFirst.splice(index, 1);
    return true;
  }

  /** Newest first, from `start`. */
  slice(start: number, count: number): Version[] {
    const end = Math.max(0, this.#oldestFirst.length - start);
    return this.#oldestFirst.slice(Math.max(0, end - count), end).reverse();
  }

  all(): Version[] {
    return this.slice(0, this.size);
  }

  #indexOf(version: Version): number {
    let low = 0;
    let high = this.#oldestFirst.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#oldestFirst[middle];
      if (other !== undefined && older(other, version) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
