import { type Blob, type BlobList, blobIdOf, blobListOf } from "../../model/blobs";
import { digestForm } from "../../model/digest";

/**
 * Layers that clients fetch from elsewhere, and mostly do not push:
 * https://github.com/opencontainers/image-spec/blob/main/layer.md#non-distributable-layers
 */
const foreignMediaType = /nondistributable|\.foreign\./;

/** Returns the blobs among what a manifest lists as config, layers or blobs. */
export function listedBlobs(descriptors: readonly unknown[]): BlobList {
  return blobListOf(descriptors.map(blobOf));
}

/** What cannot be understood is left out: sizes are no reason to refuse a manifest. */
function blobOf(descriptor: unknown): Blob {
  if (typeof descriptor !== "object" || descriptor === null) return {};
  const { mediaType, digest, size, urls } = descriptor as Readonly<Record<string, unknown>>;
  if (typeof digest !== "string" || !digestForm.test(digest)) return {};
  const isForeign = (Array.isArray(urls) && urls.length > 0) || (typeof mediaType === "string" && foreignMediaType.test(mediaType));
  const isKnown = typeof size === "number" && Number.isSafeInteger(size) && size >= 0 && !isForeign;
  return { id: blobIdOf(digest), ...(isKnown ? { bytes: size } : {}) };
}
