import { json, type Reply } from "../http/reply";

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
export function ociError(status: number, code: string, message: string, headers: Record<string, string> = {}): Reply {
  return json(status, { errors: [{ code, message }] }, { "docker-distribution-api-version": "registry/2.0", ...headers });
}

export const ociErrors = {
  unsupported: () => ociError(405, "UNSUPPORTED", "The operation is unsupported."),
  denied: (message: string) => ociError(403, "DENIED", message),
  manifestUnknown: (message = "manifest unknown") => ociError(404, "MANIFEST_UNKNOWN", message),
  manifestInvalid: (message: string) => ociError(400, "MANIFEST_INVALID", message),
  manifestTooLarge: () => ociError(413, "SIZE_INVALID", "manifest is larger than 4 MiB"),
  manifestBlobUnknown: (digest: string) => ociError(400, "MANIFEST_BLOB_UNKNOWN", `blob unknown to registry: ${digest}`),
  manifestChildUnknown: (digest: string) => ociError(400, "MANIFEST_UNKNOWN", `manifest unknown to registry: ${digest}`),
  blobUnknown: () => ociError(404, "BLOB_UNKNOWN", "blob unknown to registry"),
  digestInvalid: (message = "provided digest did not match uploaded content") => ociError(400, "DIGEST_INVALID", message),
  nameUnknown: () => ociError(404, "NAME_UNKNOWN", "repository name not known to registry"),
  nameInvalid: () => ociError(400, "NAME_INVALID", "invalid repository name"),
  tagInvalid: () => ociError(400, "TAG_INVALID", "manifest tag did not match URI"),
  uploadUnknown: () => ociError(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"),
  uploadOutOfOrder: (have: number) =>
    ociError(416, "BLOB_UPLOAD_INVALID", "chunk is out of order", { range: `0-${Math.max(0, have - 1)}` }),
  pageInvalid: () => ociError(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested"),
} as const;
