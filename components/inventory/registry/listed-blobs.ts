import { z } from "zod";
import { type Blob, type BlobList, blobIdOf, blobListOf } from "../../model/blobs";
import { digestForm } from "../../model/digest";

/** Of a descriptor of a blob, the digest and the size. What cannot be understood is left out: sizes are no reason to refuse a manifest. */
const BlobDescriptor = z
  .object({
    mediaType: z.string().optional().catch(undefined),
    digest: z.string().regex(digestForm).optional().catch(undefined),
    size: z.int().nonnegative().optional().catch(undefined),
    urls: z.array(z.unknown()).optional().catch(undefined),
  })
  .catch({});

/**
 * Layers that clients fetch from elsewhere, and mostly do not push:
 * https://github.com/opencontainers/image-spec/blob/main/layer.md#non-distributable-layers
 */
const foreignMediaType = /nondistributable|\.foreign\./;

/** Returns the blobs among what a manifest lists as config, layers or blobs. */
export function listedBlobs(descriptors: readonly unknown[]): BlobList {
  return blobListOf(descriptors.map(blobOf));
}

function blobOf(descriptor: unknown): Blob {
  const { mediaType = "", digest, size, urls = [] } = BlobDescriptor.parse(descriptor);
  if (digest === undefined) return {};
  const isForeign = urls.length > 0 || foreignMediaType.test(mediaType);
  return { id: blobIdOf(digest), ...(size === undefined || isForeign ? {} : { bytes: size }) };
}
