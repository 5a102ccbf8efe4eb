/** https://github.com/opencontainers/image-spec/blob/main/media-types.md and Docker's registry types before it. */
export const indexMediaTypes: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
]);

/** Manifests that list no other manifests. The artifact manifest left the specification before 1.1, and some registries still hold it. */
export const leafMediaTypes: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.artifact.manifest.v1+json",
]);

export const acceptedMediaTypes = [...indexMediaTypes, ...leafMediaTypes, "*/*;q=0.1"].join(", ");

/** https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
export const referenceTypeAnnotation = "vnd.docker.reference.type";
export const referenceDigestAnnotation = "vnd.docker.reference.digest";
