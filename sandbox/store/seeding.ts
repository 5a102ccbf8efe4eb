import { z } from "zod";
import { digestOf } from "./digest";
import { guessMediaType, MediaType, readManifest } from "./manifest";
import type { Package } from "./package";
import type { Store } from "./store";
import type { Version } from "./version";

/** A version that is added without a push: for tests and for large numbers. */
export const SeedVersion = z.strictObject({
  /** `owner/name`. */
  package: z.string().regex(/^[^/]+\/.+$/, "must be owner/name"),
  /** The manifest as an object or as its exact text. The default is a small unique image. */
  manifest: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  mediaType: z.string().optional(),
  /** A false digest; by default that of the manifest. Without a manifest, the registry does not have the version. */
  digest: z.string().optional(),
  tags: z.array(z.string()).optional(),
  createdAt: z.iso.datetime().optional(),
  updatedAt: z.iso.datetime().optional(),
  downloads: z.int().nonnegative().optional(),
});
export type SeedVersion = z.infer<typeof SeedVersion>;

export interface SeededVersion {
  readonly id: number;
  readonly digest: string;
}

/**
 * Adds the versions in order: a later one takes a tag from an earlier one, and an existing digest keeps its dates, as after a
 * push. Sorts each package once.
 */
export function seed(store: Store, seeds: readonly SeedVersion[]): SeededVersion[] {
  const added = new Map<Package, Map<string, Version>>();
  const results = seeds.map((one) => {
    const pkg = store.findOrCreate(one.package);
    const fresh = added.get(pkg) ?? new Map<string, Version>();
    added.set(pkg, fresh);
    const version = makeVersion(store, one);
    const known = pkg.byDigest(version.digest) ?? fresh.get(version.digest);
    if (known === undefined) {
      fresh.set(version.digest, version);
      return { version, pkg, tags: version.tags };
    }
    return { version: known, pkg, tags: version.tags };
  });
  for (const [pkg, fresh] of added) {
    for (const version of fresh.values()) version.tags = [];
    pkg.addMany([...fresh.values()]);
    store.journal.packageChanged(pkg);
  }
  for (const { version, pkg, tags } of results) for (const tag of tags) pkg.moveTag(tag, version);
  return results.map(({ version }) => ({ id: version.id, digest: version.digest }));
}

function makeVersion(store: Store, one: SeedVersion): Version {
  const id = store.newId();
  const manifest = bytesOf(one, id);
  const digest = one.digest ?? digestOf(manifest);
  const createdAt = one.createdAt === undefined ? store.clock.now() : Date.parse(one.createdAt);
  if (manifest.length > 0) store.blobs.put(digest, manifest);
  return {
    id,
    digest,
    mediaType: one.mediaType ?? mediaTypeOf(manifest),
    manifest,
    createdAt,
    updatedAt: one.updatedAt === undefined ? createdAt : Date.parse(one.updatedAt),
    tags: one.tags === undefined ? [] : [...one.tags],
    downloads: one.downloads ?? 0,
    deletedAt: undefined,
    unknownToRegistry: manifest.length === 0,
    alsoListedTags: [],
  };
}

function bytesOf(one: SeedVersion, id: number): Buffer {
  if (typeof one.manifest === "string") return Buffer.from(one.manifest);
  if (one.manifest !== undefined) return Buffer.from(JSON.stringify(one.manifest));
  if (one.digest !== undefined) return Buffer.alloc(0);
  return Buffer.from(JSON.stringify(smallImage(id)));
}

function smallImage(id: number): object {
  return {
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(`config ${id}`), size: 512 },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: digestOf(`layer ${id}`), size: 4096 }],
  };
}

function mediaTypeOf(bytes: Buffer): string {
  const manifest = readManifest(bytes);
  return typeof manifest === "string" ? MediaType.ociManifest : guessMediaType(manifest);
}
