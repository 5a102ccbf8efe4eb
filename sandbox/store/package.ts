import { type Version, VersionList } from "./version";

export type Visibility = "public" | "private" | "internal";

const restorableFor = 30 * 24 * 3600 * 1000;

/** Receives every changed record, so that it can be written to disk. */
export interface Changes {
  packageChanged(pkg: Package): void;
  versionChanged(pkg: Package, version: Version): void;
}

interface NewPackage {
  readonly id: number;
  /** In lower case, as in the registry. */
  readonly owner: string;
  readonly name: string;
  readonly createdAt: number;
  readonly visibility: Visibility;
}

/** A container package: its versions and their tags. */
export class Package implements NewPackage {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly createdAt: number;
  readonly changes: Changes;
  readonly active = new VersionList();
  readonly deleted = new VersionList();
  /** Increases with each change that is visible in a list; replies may be cached until then. */
  revision = 0;
  visibility: Visibility;
  updatedAt: number;
  deletedAt: number | undefined;
  /** The connected repository, `owner/name`. */
  source: string | undefined;
  readonly #byId = new Map<number, Version>();
  readonly #byDigest = new Map<string, Version>();
  readonly #byTag = new Map<string, Version>();
  #taggedCount = 0;
  #sortedTags: string[] | undefined;
  #firstPurge = Number.POSITIVE_INFINITY;

  constructor({ id, owner, name, createdAt, visibility }: NewPackage, changes: Changes) {
    this.id = id;
    this.owner = owner;
    this.name = name;
    this.createdAt = createdAt;
    this.visibility = visibility;
    this.updatedAt = createdAt;
    this.changes = changes;
  }

  /** The number of versions with a tag of any kind, including `sha256-…`. */
  get taggedCount(): number {
    return this.#taggedCount;
  }

  get repository(): string {
    return `${this.owner}/${this.name}`;
  }

  byId(id: number): Version | undefined {
    return this.#byId.get(id);
  }

  byDigest(digest: string): Version | undefined {
    return this.#byDigest.get(digest);
  }

  byTag(tag: string): Version | undefined {
    return this.#byTag.get(tag);
  }

  tags(): readonly string[] {
    this.#sortedTags ??= [...this.#byTag.keys()].sort();
    return this.#sortedTags;
  }

  /** Returns the most recently deleted version of this digest. */
  deletedByDigest(digest: string): Version | undefined {
    return this.deleted
      .all()
      .filter((version) => version.digest === digest)
      .sort((a, b) => (b.deletedAt ?? 0) - (a.deletedAt ?? 0))[0];
  }

  addMany(versions: readonly Version[]): void {
    const active = versions.filter((version) => version.deletedAt === undefined);
    const deleted = versions.filter((version) => version.deletedAt !== undefined);
    this.active.addMany(active);
    this.deleted.addMany(deleted);
    for (const version of versions) this.#byId.set(version.id, version);
    for (const version of deleted) this.#expectPurge(version);
    for (const version of active) {
      this.#byDigest.set(version.digest, version);
      const tags = version.tags;
      version.tags = [];
      for (const tag of tags) this.moveTag(tag, version);
      this.touch(version);
    }
    this.revision += 1;
  }

  add(version: Version): void {
    this.active.add(version);
    this.#byId.set(version.id, version);
    this.#byDigest.set(version.digest, version);
    this.touch(version);
  }

  /** Moves the tag to the version, and returns the version that had it. */
  moveTag(tag: string, version: Version): Version | undefined {
    const before = this.#byTag.get(tag);
    if (before === version) return undefined;
    if (before !== undefined) {
      before.tags = before.tags.filter((other) => other !== tag);
      if (before.tags.length === 0) this.#taggedCount -= 1;
      this.touch(before);
    } else {
      this.#sortedTags = undefined;
    }
    if (version.tags.length === 0) this.#taggedCount += 1;
    version.tags = [...version.tags, tag];
    this.#byTag.set(tag, version);
    this.touch(version);
    return before;
  }

  remove(version: Version, now: number): void {
    this.active.remove(version);
    this.#byDigest.delete(version.digest);
    for (const tag of version.tags) this.#byTag.delete(tag);
    if (version.tags.length > 0) {
      this.#taggedCount -= 1;
      this.#sortedTags = undefined;
    }
    version.deletedAt = now;
    this.deleted.add(version);
    this.#expectPurge(version);
    this.touch(version);
  }

  /** Restores a deleted version, optionally with those of its old tags that no other version has taken. */
  putBack(version: Version, tagsReturn: boolean): void {
    this.deleted.remove(version);
    version.deletedAt = undefined;
    const tags = version.tags;
    version.tags = [];
    this.add(version);
    if (!tagsReturn) return;
    for (const tag of tags) if (!this.#byTag.has(tag)) this.moveTag(tag, version);
  }

  /** Removes a deleted version for good. */
  forget(version: Version): void {
    this.deleted.remove(version);
    this.#byId.delete(version.id);
    this.touch(version);
  }

  /** Removes the versions that were deleted too long ago to be restored. */
  purge(now: number): void {
    if (now < this.#firstPurge) return;
    const gone = this.deleted.all().filter((version) => (version.deletedAt ?? now) + restorableFor <= now);
    for (const version of gone) this.forget(version);
    this.#firstPurge = Number.POSITIVE_INFINITY;
    for (const version of this.deleted.all()) this.#expectPurge(version);
  }

  touch(version: Version): void {
    this.revision += 1;
    this.changes.versionChanged(this, version);
  }

  #expectPurge(version: Version): void {
    this.#firstPurge = Math.min(this.#firstPurge, (version.deletedAt ?? 0) + restorableFor);
  }
}

export function isRestorable(deletedAt: number, now: number): boolean {
  return now < deletedAt + restorableFor;
}
