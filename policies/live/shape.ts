import { Unreadable } from "./unreadable";

/** The children and the subject of a manifest. */
export interface Shape {
  readonly children: readonly Child[];
  readonly subject: string | undefined;
}

export interface Child {
  readonly digest: string;
  /** `linux/arm64`; empty when the index does not name it. */
  readonly platform: string;
  /** Whether it cannot have children itself. */
  readonly isLeaf: boolean;
}

const indexTypes = new Set(["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"]);
const digestForm = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

export function isDigest(value: unknown): value is string {
  return typeof value === "string" && digestForm.test(value);
}

export function shapeOf(manifest: unknown, digest: string): Shape {
  if (!isRecord(manifest)) throw new Unreadable(`the manifest of ${digest} has an unexpected form`);
  const { subject } = manifest;
  // Go encodes an empty list as null.
  const manifests: unknown = manifest.manifests ?? undefined;
  if (manifests !== undefined && !Array.isArray(manifests)) throw new Unreadable(`the index ${digest} has an unexpected form`);
  if (manifests === undefined && !["manifests", "config", "layers", "fsLayers"].some((key) => key in manifest)) {
    throw new Unreadable(`the manifest of ${digest} is neither an index nor an image`);
  }
  return {
    children: (manifests ?? []).map((child) => childOf(child, digest)),
    subject: isRecord(subject) && isDigest(subject.digest) ? subject.digest : undefined,
  };
}

function childOf(child: unknown, index: string): Child {
  if (!isRecord(child) || !isDigest(child.digest)) throw new Unreadable(`the index ${index} lists something without a digest`);
  const { platform, mediaType } = child;
  const parts = isRecord(platform) ? [platform.os, platform.architecture, platform.variant] : [];
  return {
    digest: child.digest,
    platform: parts.filter((part) => typeof part === "string" && part !== "").join("/"),
    // A legacy BuildKit cache lists layers, which cannot be requested as manifests.
    isLeaf: mediaType !== undefined && !indexTypes.has(String(mediaType)),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
