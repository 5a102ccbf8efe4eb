import type { Changes, Package } from "./package";
import type { Version } from "./version";

/** Records changes as they happen. */
export interface Journal extends Changes {
  blobLinked(repository: string, digest: string): void;
  /** Records a change of the clock, switches, owners or tokens. */
  settingsChanged(): void;
  /** Ends a request and makes all of its changes durable together. */
  commit(): void;
}

/** Records nothing: the sandbox is in memory. */
export class NoJournal implements Journal {
  packageChanged(_pkg: Package): void {}
  versionChanged(_pkg: Package, _version: Version): void {}
  blobLinked(_repository: string, _digest: string): void {}
  settingsChanged(): void {}
  commit(): void {}
}
