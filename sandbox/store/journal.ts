import type { Changes, Package } from "./package";
import type { Version } from "./version";

/** Where changes are written down as they happen. */
export interface Journal extends Changes {
  blobLinked(repository: string, digest: string): void;
  /** Clock, switches, owners or tokens changed. */
  settingsChanged(): void;
  /** Ends one request: all that it changed becomes durable together. */
  commit(): void;
}

/** Keeps nothing: the sandbox lives in memory. */
export class NoJournal implements Journal {
  packageChanged(_pkg: Package): void {}
  versionChanged(_pkg: Package, _version: Version): void {}
  blobLinked(_repository: string, _digest: string): void {}
  settingsChanged(): void {}
  commit(): void {}
}
