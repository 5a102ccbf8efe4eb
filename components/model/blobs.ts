/**
 * The config and the layers that a manifest lists, as words with spaces between: `<32 hex digits of the digest>:<bytes>`, with `?` for
 * bytes that are not known, or `?` alone for a blob without a digest. One text, since a package may hold a hundred thousand manifests,
 * each with ten blobs; 128 bits tell the blobs of a package apart.
 */
export type BlobList = string;

/** A blob that a manifest lists. */
export interface Blob {
  /** The first 32 hex digits of its digest; absent where the manifest has none that can be understood. */
  readonly id?: string;
  /** Absent where the manifest does not tell, or where the registry need not hold the blob. */
  readonly bytes?: number;
}

export const blobListForm = /^(?:(?:[0-9a-f]{32}:(?:0|[1-9]\d{0,15}|\?)|\?)(?: (?=[0-9a-f?])|$))*$/;

const idLength = 32;

/** Returns the id of the blob with this digest. */
export function blobIdOf(digest: string): string {
  const start = digest.indexOf(":") + 1;
  return digest.slice(start, start + idLength);
}

export function blobListOf(blobs: readonly Blob[]): BlobList {
  return blobs.map(({ id, bytes }) => (id === undefined ? "?" : `${id}:${bytes ?? "?"}`)).join(" ");
}

export function blobsIn(list: BlobList): Blob[] {
  if (list === "") return [];
  return list.split(" ").map((word) => {
    if (word === "?") return {};
    const bytes = Number(word.slice(idLength + 1));
    // The cache's folder is open to others.
    return { id: word.slice(0, idLength), ...(Number.isSafeInteger(bytes) ? { bytes } : {}) };
  });
}
