import type { MultiArchImage } from "./images";
import type { SeedVersion } from "./store/seeding";

/** An image as versions to seed, children first, as buildx pushes them; its blobs are not seeded. */
export function seedsOf(image: MultiArchImage, about: Pick<SeedVersion, "package" | "tags" | "createdAt" | "updatedAt">): SeedVersion[] {
  const { tags, ...untagged } = about;
  const children = [...image.children, ...image.attestations].map(({ manifest }) => manifest);
  return [
    ...children.map(({ bytes, mediaType }) => ({ ...untagged, manifest: bytes.toString(), mediaType })),
    { ...untagged, ...(tags === undefined ? {} : { tags }), manifest: image.index.bytes.toString(), mediaType: image.index.mediaType },
  ];
}
