import { z } from "zod";

export const MediaType = {
  ociIndex: "application/vnd.oci.image.index.v1+json",
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
} as const;

const Descriptor = z.looseObject({ mediaType: z.string().optional(), digest: z.string(), size: z.number().optional() });

/** The properties that the registry itself reads; clients in Go write what is empty as null. https://github.com/opencontainers/image-spec/blob/main/manifest.md */
const Manifest = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  config: Descriptor.nullish(),
  layers: z.array(Descriptor).nullish(),
  manifests: z.array(Descriptor).nullish(),
  subject: Descriptor.nullish(),
});
export type Manifest = z.infer<typeof Manifest>;

/** Parses a manifest; returns the reason if it is invalid. */
export function readManifest(bytes: Buffer): Manifest | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString("utf8"));
  } catch {
    return "manifest is not JSON";
  }
  const manifest = Manifest.safeParse(parsed);
  if (!manifest.success) return z.prettifyError(manifest.error).replace(/\s+/g, " ");
  return manifest.data;
}

export function guessMediaType(manifest: Manifest): string {
  if (manifest.mediaType !== undefined) return manifest.mediaType;
  return manifest.manifests === undefined ? MediaType.ociManifest : MediaType.ociIndex;
}
