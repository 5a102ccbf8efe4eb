import type { BlobStore } from "./blob-store";
import type { Clock } from "./clock";
import { DeploymentRecords } from "./deployment-records";
import type { Journal } from "./journal";
import { Owners } from "./owners";
import { isRestorable, Package } from "./package";
import { defaultSwitches, type Switches } from "./switches";
import { Tokens } from "./tokens";
import type { Version } from "./version";

export interface Pushed {
  readonly repository: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly manifest: Buffer;
  readonly tag: string | undefined;
}

/** The packages of the sandbox, and their changes by pushes, deletions and restorations. */
export class Store {
  readonly owners = new Owners();
  readonly tokens = new Tokens();
  readonly deployments = new DeploymentRecords();
  switches: Switches = defaultSwitches();
  readonly #packages = new Map<string, Package>();
  readonly #deletedPackages = new Map<string, Package>();
  readonly #blobLinks = new Map<string, Set<string>>();
  #lastId = 100_000_000;

  constructor(
    readonly clock: Clock,
    readonly blobs: BlobStore,
    readonly journal: Journal,
  ) {}

  newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Keeps ids increasing after a restart. */
  sawId(id: number): void {
    this.#lastId = Math.max(this.#lastId, id);
  }

  find(repository: string): Package | undefined {
    return this.#packages.get(keyOf(repository));
  }

  findDeleted(repository: string): Package | undefined {
    return this.#deletedPackages.get(keyOf(repository));
  }

  packagesOf(owner: string): Package[] {
    return this.packages().filter((pkg) => pkg.owner === owner.toLowerCase());
  }

  packages(): Package[] {
    return [...this.#packages.values()];
  }

  deletedPackages(): Package[] {
    return [...this.#deletedPackages.values()];
  }

  addPackage(pkg: Package): void {
    const packages = pkg.deletedAt === undefined ? this.#packages : this.#deletedPackages;
    packages.set(pkg.repository, pkg);
  }

  findOrCreate(repository: string): Package {
    const found = this.find(repository);
    if (found !== undefined) return found;
    const key = keyOf(repository);
    const slash = key.indexOf("/");
    const now = this.clock.now();
    const pkg = new Package(
      {
        id: this.newId(),
        owner: key.slice(0, slash),
        name: key.slice(slash + 1),
        createdAt: now,
        visibility: this.switches.newPackageVisibility,
      },
      this.journal,
    );
    this.#packages.set(key, pkg);
    this.journal.packageChanged(pkg);
    return pkg;
  }

  /** Pushes like GHCR: one version for each digest, and a tag moves from the version that had it. */
  push(pushed: Pushed): Version {
    const now = this.clock.now();
    const pkg = this.findOrCreate(pushed.repository);
    const version = this.#pushedVersion(pkg, pushed, now);
    if (pushed.tag !== undefined) this.moveTag(pkg, pushed.tag, version);
    pkg.updatedAt = now;
    this.journal.packageChanged(pkg);
    return version;
  }

  moveTag(pkg: Package, tag: string, version: Version): void {
    const now = this.clock.now();
    if (pkg.byTag(tag) === version) return;
    const before = pkg.moveTag(tag, version);
    if (before !== undefined && this.switches.updatedAtOnTagLoss) before.updatedAt = now;
    if (this.switches.updatedAtOnTagGain) version.updatedAt = now;
  }

  delete(pkg: Package, version: Version): void {
    pkg.remove(version, this.clock.now());
  }

  restore(pkg: Package, version: Version): void {
    pkg.putBack(version, this.switches.tagsReturnOnRestore);
    if (this.switches.updatedAtOnRestore) version.updatedAt = this.clock.now();
  }

  packageChanged(pkg: Package): void {
    if (!this.switches.updatedAtOnPackageChange) return;
    for (const version of pkg.active.all()) {
      version.updatedAt = this.clock.now();
      pkg.touch(version);
    }
  }

  deletePackage(pkg: Package): void {
    pkg.deletedAt = this.clock.now();
    this.#packages.delete(pkg.repository);
    this.#deletedPackages.set(pkg.repository, pkg);
    this.journal.packageChanged(pkg);
  }

  restorePackage(pkg: Package): void {
    pkg.deletedAt = undefined;
    this.#deletedPackages.delete(pkg.repository);
    this.#packages.set(pkg.repository, pkg);
    this.journal.packageChanged(pkg);
  }

  /** Counts a download; lists stay unchanged unless the switch is set. */
  pulled(pkg: Package, version: Version): void {
    version.downloads += 1;
    if (this.switches.updatedAtOnPull) {
      version.updatedAt = this.clock.now();
      pkg.touch(version);
    } else {
      this.journal.versionChanged(pkg, version);
    }
  }

  linkBlob(repository: string, digest: string): void {
    const key = keyOf(repository);
    const links = this.#blobLinks.get(key) ?? new Set();
    links.add(digest);
    this.#blobLinks.set(key, links);
    this.journal.blobLinked(key, digest);
  }

  /** Whether the repository has the blob, by a push or a mount; it outlives the manifests that list it. */
  hasBlob(repository: string, digest: string): boolean {
    return (this.#blobLinks.get(keyOf(repository))?.has(digest) ?? false) && this.blobs.has(digest);
  }

  #pushedVersion(pkg: Package, pushed: Pushed, now: number): Version {
    const known = pkg.byDigest(pushed.digest);
    if (known !== undefined) {
      known.unknownToRegistry = false;
      known.manifest = pushed.manifest;
      if (this.switches.updatedAtOnRepush) known.updatedAt = now;
      pkg.touch(known);
      return known;
    }
    const deleted = pkg.deleted.size > 0 ? pkg.deletedByDigest(pushed.digest) : undefined;
    if (deleted !== undefined && this.switches.repushOfDeleted === "revive" && isRestorable(deleted.deletedAt ?? 0, now)) {
      pkg.putBack(deleted, false);
      if (this.switches.updatedAtOnRepush) deleted.updatedAt = now;
      return deleted;
    }
    if (deleted !== undefined && !this.switches.deletedListedAfterRepush) pkg.forget(deleted);
    this.blobs.put(pushed.digest, pushed.manifest);
    const version: Version = {
      id: this.newId(),
      digest: pushed.digest,
      mediaType: pushed.mediaType,
      manifest: pushed.manifest,
      createdAt: now,
      updatedAt: now,
      tags: [],
      downloads: 0,
      deletedAt: undefined,
      unknownToRegistry: false,
      alsoListedTags: [],
    };
    pkg.add(version);
    return version;
  }
}

function keyOf(repository: string): string {
  return repository.toLowerCase();
}
