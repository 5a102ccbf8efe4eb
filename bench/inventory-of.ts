import { parseManifest } from "../components/inventory/registry/manifest";
import type { Inventory, Manifest } from "../components/model/inventory";
import { type BenchVersion, now } from "./world";

/** Returns the inventory of such a package, without a server. */
export function inventoryOf(versions: readonly BenchVersion[]): Inventory {
  const manifests = new Map<string, Manifest>();
  for (const { digest, manifest, mediaType, listedAsImage, expires } of versions) {
    if (!listedAsImage || expires) manifests.set(digest, parseManifest(manifest, mediaType, digest));
  }
  return {
    package: { owner: "acme", name: "app" },
    now: Date.parse(now),
    versions: versions.map(({ digest, tags, createdAt }, index) => ({ id: index + 1, digest, tags, createdAt, updatedAt: createdAt })),
    manifests,
    deleted: [],
  };
}
