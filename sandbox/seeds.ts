import type { MultiArchImage } from "./images";
import type { SeedVersion } from "./store/seeding";

/** Converts an image into versions to seed, children first as buildx pushes them, without its blobs. */
export function seedsOf(image: MultiArchImage, about: Pick<SeedVersion, "package" | "tags" | "createdAt" | "updatedAt">): SeedVersion[] {
  const { tags, ...untagged } = about;
  const children = [...image.children, ...image.attestations].map(({ manifest }) => manifest);
  return [
    ...children.map(({ bytes, mediaType }) => ({ ...untagged, manifest: bytes.toString(), mediaType })),
    { ...untagged, ...(tags === undefined ? {} : { tags }), manifest: image.index.bytes.toString(), mediaType: image.index.mediaType },
  ];
}
