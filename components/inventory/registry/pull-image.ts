import pLimit from "p-limit";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import { BlobFlaw, streamBlob } from "./blob";
import type { RegistryConnection } from "./client";
import { contentOf, type Descriptor } from "./content";
import { indexMediaTypes, leafMediaTypes } from "./media-types";
import { fetchManifest } from "./registry";

/** Layers that registries do not hold: https://github.com/opencontainers/image-spec/blob/main/layer.md#non-distributable-layers */
const elsewhere = /nondistributable|\.foreign\./;

/** Maximum concurrent blobs. */
const concurrency = 4;

/**
 * Pulls an image with all platforms as a client does: every manifest and every blob, each verified by digest and size.
 * Nothing is stored. `pulled` holds the digests that are not pulled again. Throws a {@link RetentionError} that names what is missing.
 */
export async function pullImage(registry: RegistryConnection, name: PackageName, digest: string, pulled: Set<string>): Promise<void> {
  if (pulled.has(digest)) return;
  pulled.add(digest);
  const label = `${packageLabel(name)}@${digest}`;
  const manifest = await fetchManifest(registry, name, digest);
  if (manifest === undefined)
    throw new RetentionError(`${label} cannot be pulled: the registry does not know it; look at the package on GitHub.`);
  const named = contentOf(manifest.bytes.toString("utf8"));
  if (named === undefined) {
    throw new RetentionError(
      `${label} cannot be pulled: it names its content in a form that is not understood; look at the package on GitHub.`,
    );
  }
  const { manifests, config, layers, blobs } = named;
  const isManifest = ({ mediaType }: Descriptor) => indexMediaTypes.has(mediaType) || leafMediaTypes.has(mediaType);
  const listed = manifests ?? [];
  const content = [config, ...(layers ?? []), ...(blobs ?? []), ...listed.filter((entry) => !isManifest(entry))];
  const limit = pLimit(concurrency);
  await Promise.all(
    content.map((blob) =>
      limit(async () => {
        if (!blob || elsewhere.test(blob.mediaType) || pulled.has(blob.digest)) return;
        pulled.add(blob.digest);
        await pullBlob(registry, name, blob, label);
      }),
    ),
  );
  for (const child of listed.filter(isManifest)) await pullImage(registry, name, child.digest, pulled);
}

async function pullBlob(registry: RegistryConnection, name: PackageName, blob: Descriptor, label: string): Promise<void> {
  try {
    for await (const _part of streamBlob(registry, name, blob));
  } catch (error) {
    if (!(error instanceof BlobFlaw)) throw error;
    throw new RetentionError(
      `${label} cannot be pulled: its blob ${blob.digest} ${error.message}; run \`pulumi up\` again, and look at the package on GitHub.`,
    );
  }
}
