import {
  type ArtifactOptions,
  buildArtifact,
  buildImage,
  buildIndex,
  buildMultiArchImage,
  type Content,
  descriptorOf,
  fallbackTagOf,
  type Image,
  type ImageOptions,
  type MultiArchImage,
  type MultiArchOptions,
} from "./images";
import { digestOf } from "./store/digest";

/** A repository to push to, and the token to use. */
export interface PushTarget {
  readonly registryUrl: string;
  readonly token: string;
  /** `owner/name`, in lower case. */
  readonly repository: string;
}

export class PushRefused extends Error {
  override readonly name = "PushRefused";
  constructor(
    what: string,
    readonly status: number,
    readonly body: string,
  ) {
    super(`${what} was answered with ${status}: ${body}`);
  }
}

/** The digests of a pushed multi-platform image. */
export interface PushedImage {
  readonly index: string;
  readonly children: readonly { readonly platform: string; readonly digest: string }[];
  readonly attestations: readonly { readonly platform: string; readonly digest: string }[];
  /** The exact bytes of everything. */
  readonly built: MultiArchImage;
}

export async function pushBlob(target: PushTarget, bytes: Buffer): Promise<string> {
  const digest = digestOf(bytes);
  const upload = { body: bytes, mediaType: "application/octet-stream" };
  const answer = await send(target, { ...upload, method: "POST", path: `blobs/uploads/?digest=${digest}` });
  // https://github.com/opencontainers/distribution-spec/blob/main/spec.md#single-post: a registry may begin an upload instead.
  if (answer.status === 202) await send(target, { ...upload, method: "PUT", path: endOf(target, answer, digest) });
  return digest;
}

/** Pushes under a tag, or by digest without a reference; returns the digest. */
export async function pushManifest(
  target: PushTarget,
  reference: string | undefined,
  manifest: Buffer | string | object,
  mediaType: string,
): Promise<string> {
  const bytes = Buffer.isBuffer(manifest) ? manifest : Buffer.from(typeof manifest === "string" ? manifest : JSON.stringify(manifest));
  const digest = digestOf(bytes);
  await send(target, { method: "PUT", path: `manifests/${reference ?? digest}`, body: bytes, mediaType });
  return digest;
}

/** Pushes a manifest under some tags, or by digest without tags. */
export async function pushContent(target: PushTarget, content: Content, tags: readonly string[] = []): Promise<string> {
  if (tags.length === 0) await pushManifest(target, content.digest, content.bytes, content.mediaType);
  for (const tag of tags) await pushManifest(target, tag, content.bytes, content.mediaType);
  return content.digest;
}

/** Pushes the blobs, then the manifest. */
export async function pushBuilt(target: PushTarget, image: Image, tags: readonly string[] = []): Promise<string> {
  await Promise.all(image.blobs.map((blob) => pushBlob(target, blob.bytes)));
  return pushContent(target, image.manifest, tags);
}

/** Pushes an image for one platform. */
export async function pushImage(
  target: PushTarget,
  { tags = [], platform = "linux/amd64", ...options }: ImageOptions & { readonly tags?: readonly string[]; readonly platform?: string },
): Promise<string> {
  return pushBuilt(target, buildImage(platform, options), tags);
}

/** Pushes like buildx: the children by digest first, then the index under its tags. */
export async function pushMultiArchImage(
  target: PushTarget,
  { tags = [], ...options }: MultiArchOptions & { readonly tags?: readonly string[] },
): Promise<PushedImage> {
  const built = buildMultiArchImage(options);
  for (const child of [...built.children, ...built.attestations]) await pushBuilt(target, child);
  await pushContent(target, built.index, tags);
  const digests = (images: MultiArchImage["children"]) => images.map(({ platform, manifest }) => ({ platform, digest: manifest.digest }));
  return { index: built.index.digest, children: digests(built.children), attestations: digests(built.attestations), built };
}

/** Pushes a referrer, such as a signature of `subject`; untagged unless tags are given. */
export async function pushArtifact(
  target: PushTarget,
  { tags = [], ...options }: ArtifactOptions & { readonly tags?: readonly string[] },
): Promise<Content> {
  const artifact = buildArtifact(options);
  await pushBuilt(target, artifact, tags);
  return artifact.manifest;
}

/** Pushes the index `sha256-<hex>`, in which clients find the referrers of a digest. */
export async function pushFallbackTag(target: PushTarget, subject: string, referrers: readonly Content[]): Promise<Content> {
  const index = buildIndex(referrers.map(descriptorOf));
  await pushContent(target, index, [fallbackTagOf(subject)]);
  return index;
}

/** Returns the path that ends an upload. The registry names it, and another host would get the token. */
function endOf(target: PushTarget, answer: Response, digest: string): string {
  const base = addressOf(target, "");
  const location = new URL(answer.headers.get("location") ?? "", base);
  if (!location.href.startsWith(base)) throw new PushRefused("an upload", answer.status, `it goes on at ${location.origin}`);
  location.searchParams.set("digest", digest);
  return location.href.slice(base.length);
}

function addressOf({ registryUrl, repository }: PushTarget, path: string): string {
  return `${registryUrl}/v2/${repository}/${path}`;
}

interface Upload {
  readonly method: "POST" | "PUT";
  /** Below the repository. */
  readonly path: string;
  readonly body: Buffer;
  readonly mediaType: string;
}

async function send(target: PushTarget, { method, path, body, mediaType }: Upload): Promise<Response> {
  const response = await fetch(addressOf(target, path), {
    method,
    body: new Uint8Array(body),
    headers: { authorization: `Bearer ${Buffer.from(target.token).toString("base64")}`, "content-type": mediaType },
  });
  const text = await response.text();
  if (!response.ok) throw new PushRefused(`${method} ${path}`, response.status, text);
  return response;
}
