import { type Reply, reply } from "../http/reply";
import { digestOf, isDigest, matchesDigest } from "../store/digest";
import { guessMediaType, type Manifest, MediaType, readManifest } from "../store/manifest";
import type { Version } from "../store/version";
import { ociErrors } from "./oci-errors";
import type { Visit } from "./visit";

const largestManifest = 4 * 1024 * 1024;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** GHCR's error when `Accept` lacks the media type; other types are served to any client. */
const namesInRefusal: Readonly<Record<string, string>> = {
  [MediaType.ociIndex]: "OCI index found, but Accept header does not support OCI indexes",
  [MediaType.ociManifest]: "OCI manifest found, but Accept header does not support OCI manifests",
};

export function getManifest(visit: Visit, reference: string): Reply {
  const { store, exchange } = visit;
  const version = findManifest(visit, reference);
  if (version === undefined) return ociErrors.manifestUnknown();
  const refusal = namesInRefusal[version.mediaType];
  if (refusal !== undefined && store.switches.acceptEnforced && !accepts(exchange.headers.accept, version.mediaType)) {
    return ociErrors.manifestUnknown(refusal);
  }
  const pkg = store.find(visit.repository);
  const counts = exchange.method === "GET" || store.switches.headCountsAsDownload;
  if (pkg !== undefined && counts) store.pulled(pkg, version);
  const headers = {
    "content-type": version.mediaType,
    "docker-content-digest": version.digest,
    "docker-distribution-api-version": "registry/2.0",
    etag: `"${version.digest}"`,
  };
  return reply(200, headers, version.manifest);
}

function findManifest({ store, exchange, repository }: Visit, reference: string): Version | undefined {
  const pkg = store.find(repository);
  if (pkg === undefined) return undefined;
  const version = reference.includes(":") ? pkg.byDigest(reference) : pkg.byTag(reference);
  if (version?.unknownToRegistry === true) return undefined;
  if (version !== undefined || exchange.bent.deletedStillThere !== true) return version;
  if (reference.includes(":")) return pkg.deletedByDigest(reference);
  return pkg.deleted.all().find((deleted) => deleted.tags.includes(reference));
}

function accepts(header: string | undefined, mediaType: string): boolean {
  return (header ?? "").split(",").some((one) => one.split(";")[0]?.trim() === mediaType);
}

export function putManifest(visit: Visit, reference: string): Reply {
  const { store, exchange, repository } = visit;
  const bytes = exchange.body;
  const byDigest = reference.includes(":");
  if (byDigest ? !isDigest(reference) : !tagPattern.test(reference)) return byDigest ? ociErrors.digestInvalid() : ociErrors.tagInvalid();
  if (bytes.length > largestManifest) return ociErrors.manifestTooLarge();
  if (byDigest && !matchesDigest(bytes, reference)) return ociErrors.digestInvalid();
  const manifest = readManifest(bytes);
  if (typeof manifest === "string") return ociErrors.manifestInvalid(manifest);
  const contentType = exchange.headers["content-type"]?.split(";")[0]?.trim();
  if (contentType !== undefined && manifest.mediaType !== undefined && contentType !== manifest.mediaType) {
    return ociErrors.manifestInvalid(`mediaType ${manifest.mediaType} in the manifest, ${contentType} in Content-Type`);
  }
  const missing = whatIsMissing(visit, manifest);
  if (missing !== undefined) return missing;

  const digest = byDigest ? reference : digestOf(bytes);
  const mediaType = contentType ?? guessMediaType(manifest);
  store.push({ repository, digest, mediaType, manifest: Buffer.from(bytes), tag: byDigest ? undefined : reference });
  // No OCI-Subject: GHCR stores `subject`, but does not support it.
  return reply(201, { location: `/v2/${repository}/manifests/${digest}`, "docker-content-digest": digest });
}

/** Whether the layer is non-distributable: clients download it from its `urls`. */
function isElsewhere(mediaType = ""): boolean {
  return mediaType.includes("nondistributable") || mediaType.includes(".foreign.");
}

function whatIsMissing({ store, repository }: Visit, manifest: Manifest): Reply | undefined {
  if (store.switches.requireBlobs) {
    const blobs = [...(manifest.config ? [manifest.config] : []), ...(manifest.layers ?? [])];
    const missing = blobs.find((blob) => !isElsewhere(blob.mediaType) && !store.hasBlob(repository, blob.digest));
    if (missing !== undefined) return ociErrors.manifestBlobUnknown(missing.digest);
  }
  if (!store.switches.requireChildren) return undefined;
  const missing = manifest.manifests?.find((child) => store.find(repository)?.byDigest(child.digest) === undefined);
  return missing === undefined ? undefined : ociErrors.manifestChildUnknown(missing.digest);
}
