/** One manifest of a package, as GitHub sees it: a package version. */
export interface Version {
  readonly id: number;
  readonly digest: string;
  mediaType: string;
  manifest: Buffer;
  createdAt: number;
  updatedAt: number;
  /** Its tags; of a deleted version, those it had. */
  tags: string[];
  downloads: number;
  deletedAt: number | undefined;
  /** Listed by GitHub, but the registry knows nothing of it: seen in the wild. */
  unknownToRegistry: boolean;
  /** Tags that GitHub's list shows on it although the registry has them elsewhere: seen in the wild. */
  alsoListedTags: string[];
}

function older(a: Version, b: Version): number {
  return a.createdAt - b.createdAt || a.id - b.id;
}

/** Versions in the order of their creation, kept sorted, so that a page costs a page. */
export class VersionList {
  #oldestFirst: Version[] = [];

  get size(): number {
    return this.#oldestFirst.length;
  }

  add(version: Version): void {
    this.#oldestFirst.splice(this.#placeOf(version), 0, version);
  }

  addMany(versions: readonly Version[]): void {
    for (const version of versions) this.#oldestFirst.push(version);
    this.#oldestFirst.sort(older);
  }

  remove(version: Version): boolean {
    const place = this.#placeOf(version);
    if (this.#oldestFirst[place] !== version) return false;
    this.#oldestFirst.splice(place, 1);
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

  #placeOf(version: Version): number {
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
