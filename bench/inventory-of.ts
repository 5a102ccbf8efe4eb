import { parseManifest } from "../components/inventory/registry/manifest";
import type { Inventory, Manifest } from "../components/model/inventory";
import { type BenchVersion, now } from "./world";

/** The inventory that a look at such a package ends with, made without a server. */
export function inventoryOf(versions: readonly BenchVersion[]): Inventory {
  const manifests = new Map<string, Manifest>();
  for (const { digest, manifest, mediaType, vouchedFor, expires } of versions) {
    if (!vouchedFor || expires) manifests.set(digest, parseManifest(manifest, mediaType, digest));
  }
  return {
    package: { owner: "acme", name: "app" },
    now: Date.parse(now),
    versions: versions.map(({ digest, tags, createdAt }, place) => ({ id: place + 1, digest, tags, createdAt, updatedAt: createdAt })),
    manifests,
    deleted: [],
  };
}
