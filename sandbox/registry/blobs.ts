import { bytesOf, type Reply, reply } from "../http/reply";
import { ociErrors } from "./oci-errors";
import type { Visit } from "./visit";

export function getBlob({ store, exchange, repository }: Visit, digest: string): Reply {
  const bytes = store.hasBlob(repository, digest) ? store.blobs.get(digest) : undefined;
  if (bytes === undefined) return ociErrors.blobUnknown();
  const headers = {
    "content-type": "application/octet-stream",
    "docker-content-digest": digest,
    "accept-ranges": "bytes",
    etag: `"${digest}"`,
  };
  const range = exchange.headers.range;
  if (range === undefined || exchange.method === "HEAD") return reply(200, headers, bytes);
  const part = readRange(range, bytes.length);
  if (part === undefined) return reply(416, { ...headers, "content-range": `bytes */${bytes.length}` });
  const [first, last] = part;
  return reply(206, { ...headers, "content-range": `bytes ${first}-${last}/${bytes.length}` }, bytesOf(bytes).subarray(first, last + 1));
}

/** Parses a single range into its first and last byte; undefined when it cannot be satisfied. */
function readRange(header: string, size: number): [number, number] | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (from === "" && to === "") return undefined;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return first > last ? undefined : [first, last];
}
