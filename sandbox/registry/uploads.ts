import { randomUUID } from "node:crypto";
import { type Reply, reply } from "../http/reply";
import { isDigest, matchesDigest } from "../store/digest";
import { ociErrors } from "./oci-errors";
import { mayPull } from "./sign-in";
import type { Visit } from "./visit";

interface Upload {
  readonly repository: string;
  readonly chunks: Buffer[];
  size: number;
}

/** The running uploads: monolithic, POST then PUT, or in chunks. */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();

  /** `POST /v2/<name>/blobs/uploads/` */
  start(visit: Visit): Reply {
    const { store, exchange, repository, caller } = visit;
    const mount = exchange.query.get("mount");
    const from = exchange.query.get("from");
    if (mount !== null && from !== null && store.hasBlob(from, mount) && mayPull(store, caller, from)) {
      store.linkBlob(repository, mount);
      return created(repository, mount);
    }
    const digest = exchange.query.get("digest");
    if (digest !== null && store.switches.uploadByOnePost) return finish(visit, digest, exchange.body);
    const id = randomUUID();
    this.#uploads.set(id, { repository, chunks: [], size: 0 });
    return reply(202, { location: locationOf(repository, id), "docker-upload-uuid": id, range: "0-0" });
  }

  status(visit: Visit, id: string): Reply {
    const upload = this.#find(visit, id);
    if (upload === undefined) return ociErrors.uploadUnknown();
    return reply(204, uploadHeaders(upload, id));
  }

  append(visit: Visit, id: string): Reply {
    const upload = this.#find(visit, id);
    if (upload === undefined) return ociErrors.uploadUnknown();
    if (!startsAt(visit.exchange.headers["content-range"], upload.size)) return ociErrors.uploadOutOfOrder(upload.size);
    upload.chunks.push(visit.exchange.body);
    upload.size += visit.exchange.body.length;
    return reply(202, uploadHeaders(upload, id));
  }

  end(visit: Visit, id: string): Reply {
    const upload = this.#find(visit, id);
    if (upload === undefined) return ociErrors.uploadUnknown();
    const digest = visit.exchange.query.get("digest");
    if (digest === null) return ociErrors.digestInvalid("digest is missing");
    if (!startsAt(visit.exchange.headers["content-range"], upload.size)) return ociErrors.uploadOutOfOrder(upload.size);
    this.#uploads.delete(id);
    return finish(visit, digest, Buffer.concat([...upload.chunks, visit.exchange.body]));
  }

  cancel(visit: Visit, id: string): Reply {
    if (this.#find(visit, id) === undefined) return ociErrors.uploadUnknown();
    this.#uploads.delete(id);
    return reply(204);
  }

  #find(visit: Visit, id: string): Upload | undefined {
    const upload = this.#uploads.get(id);
    return upload?.repository === visit.repository ? upload : undefined;
  }
}

function finish({ store, repository }: Visit, digest: string, bytes: Buffer): Reply {
  if (!isDigest(digest)) return ociErrors.digestInvalid("invalid digest");
  if (!matchesDigest(bytes, digest)) return ociErrors.digestInvalid();
  store.blobs.put(digest, bytes);
  store.linkBlob(repository, digest);
  return created(repository, digest);
}

function created(repository: string, digest: string): Reply {
  return reply(201, { location: `/v2/${repository}/blobs/${digest}`, "docker-content-digest": digest });
}

function locationOf(repository: string, id: string): string {
  return `/v2/${repository}/blobs/uploads/${id}`;
}

function uploadHeaders(upload: Upload, id: string): Record<string, string> {
  return { location: locationOf(upload.repository, id), "docker-upload-uuid": id, range: `0-${Math.max(0, upload.size - 1)}` };
}

/** Whether the chunk continues the upload; without `Content-Range` it always does. */
function startsAt(contentRange: string | undefined, size: number): boolean {
  if (contentRange === undefined) return true;
  const [, from] = /^(?:bytes[ =])?(\d+)-\d+/.exec(contentRange) ?? [];
  return from !== undefined && Number(from) === size;
}
