import { timestamp } from "../store/clock";
import type { Package } from "../store/package";
import type { Store } from "../store/store";
import type { Version } from "../store/version";

export interface VersionState {
  readonly id: number;
  readonly digest: string;
  readonly mediaType: string;
  readonly tags: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly downloads: number;
  readonly deletedAt: string | null;
}

export interface PackageState {
  readonly id: number;
  /** `owner/name`. */
  readonly package: string;
  readonly visibility: string;
  readonly deletedAt: string | null;
  /** Newest first. */
  readonly versions: readonly VersionState[];
  readonly deleted: readonly VersionState[];
}

export interface SandboxState {
  readonly clock: string;
  readonly packages: readonly PackageState[];
}

/** Returns the state, for assertions. */
export function dump(store: Store): SandboxState {
  return {
    clock: new Date(store.clock.now()).toISOString(),
    packages: [...store.packages(), ...store.deletedPackages()].map(dumpPackage),
  };
}

export function dumpPackage(pkg: Package): PackageState {
  return {
    id: pkg.id,
    package: pkg.repository,
    visibility: pkg.visibility,
    deletedAt: pkg.deletedAt === undefined ? null : timestamp(pkg.deletedAt),
    versions: pkg.active.all().map(dumpVersion),
    deleted: pkg.deleted.all().map(dumpVersion),
  };
}

function dumpVersion(version: Version): VersionState {
  return {
    id: version.id,
    digest: version.digest,
    mediaType: version.mediaType,
    tags: version.tags,
    createdAt: timestamp(version.createdAt),
    updatedAt: timestamp(version.updatedAt),
    downloads: version.downloads,
    deletedAt: version.deletedAt === undefined ? null : timestamp(version.deletedAt),
  };
}
