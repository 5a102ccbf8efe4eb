import { mkdirSync } from "node:fs";
import path from "node:path";
import { FolderBlobStore, MemoryBlobStore } from "./blob-store";
import type { Clock } from "./clock";
import { FolderJournal, readJournal } from "./folder-journal";
import { NoJournal } from "./journal";
import { Package } from "./package";
import type { Entry, PackageRecord, VersionRecord } from "./records";
import { Store } from "./store";
import type { Version } from "./version";

/** Opens a store in memory, or the one in the folder. */
export function openStore(clock: Clock, dir: string | undefined): Store {
  if (dir === undefined) return new Store(clock, new MemoryBlobStore(), new NoJournal());

  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, "state.jsonl");
  const entries = readJournal(file);
  const journal: FolderJournal = new FolderJournal(file, () => store);
  const store: Store = new Store(clock, new FolderBlobStore(path.join(dir, "blobs")), journal);
  const blobs = replay(store, entries);
  journal.compact(blobs);
  return store;
}

function replay(store: Store, entries: readonly Entry[]): [string, string][] {
  const packages = new Map<number, PackageRecord>();
  const versions = new Map<number, VersionRecord>();
  const blobs = new Map<string, [string, string]>();
  for (const entry of entries) {
    for (const record of entry.packages) packages.set(record.id, record);
    for (const record of entry.versions) versions.set(record.id, record);
    for (const link of entry.blobs) blobs.set(link.join(" "), link);
  }
  restoreSettings(store, entries);
  restorePackages(store, packages.values(), versions.values());
  for (const [repository, digest] of blobs.values()) store.linkBlob(repository, digest);
  return [...blobs.values()];
}

function restoreSettings(store: Store, entries: readonly Entry[]): void {
  const settings = entries.findLast((entry) => entry.settings !== undefined)?.settings;
  if (settings === undefined) return;
  store.clock.restore(settings.clock);
  store.switches = settings.switches;
  for (const { login, kind, tokenPolicy } of settings.owners) store.owners.set(login, kind, tokenPolicy);
  for (const token of settings.tokens) store.tokens.add({ ...token, packages: token.packages, expiresAt: token.expiresAt });
  for (const record of settings.deployments) store.deployments.add(record);
}

function restorePackages(store: Store, packages: Iterable<PackageRecord>, versions: Iterable<VersionRecord>): void {
  const byPackage = new Map<number, Version[]>();
  for (const record of versions) {
    store.sawId(record.id);
    if (record.gone) continue;
    const siblings = byPackage.get(record.package) ?? [];
    siblings.push(versionFrom(store, record));
    byPackage.set(record.package, siblings);
  }
  for (const record of [...packages].sort((a, b) => a.id - b.id)) {
    const pkg = new Package(record, store.journal);
    pkg.updatedAt = record.updatedAt;
    pkg.deletedAt = record.deletedAt;
    pkg.source = record.source;
    pkg.addMany(byPackage.get(record.id) ?? []);
    store.sawId(record.id);
    store.addPackage(pkg);
  }
}

function versionFrom(store: Store, { package: _package, gone: _gone, deletedAt, ...record }: VersionRecord): Version {
  return { ...record, deletedAt, manifest: store.blobs.get(record.digest) ?? Buffer.alloc(0) };
}
