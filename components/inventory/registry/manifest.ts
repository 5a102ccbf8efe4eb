import { z } from "zod";
import { kindNameOf } from "../../model/artifact-kinds";
import { digestForm } from "../../model/digest";
import { RetentionError } from "../../model/errors";
import type { Child, Manifest } from "../../model/inventory";
import { printable } from "../../model/printable";
import { ambiguityIn } from "./json-ambiguity";
import { listedBlobs } from "./listed-blobs";
import { indexMediaTypes, leafMediaTypes, referenceDigestAnnotation, referenceTypeAnnotation } from "./media-types";

const Digest = z.string().regex(digestForm);

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md, only the fields that matter here. */
const Descriptor = z.object({
  mediaType: z.string(),
  digest: Digest,
  size: z.unknown().optional(),
  urls: z.unknown().optional(),
  artifactType: z.string().optional(),
  platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() }).optional(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
type Descriptor = z.output<typeof Descriptor>;

/** https://github.com/opencontainers/image-spec/blob/main/manifest.md and image-index.md */
const ManifestBody = z.object({
  schemaVersion: z.int().optional(),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  manifests: z.array(Descriptor).nullish(),
  config: z.looseObject({ mediaType: z.string() }).nullish(),
  layers: z.array(z.unknown()).nullish(),
  blobs: z.array(z.unknown()).nullish(),
  subject: z.object({ digest: Digest }).nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
type ManifestBody = z.output<typeof ManifestBody>;

const imageConfigs: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
  "application/vnd.oci.empty.v1+json",
]);

/**
 * Parses a manifest's body, whose digest was verified. Throws a {@link RetentionError} for a form that it does not fully
 * understand, which may hold references that it cannot follow.
 */
export function parseManifest(body: string, contentType: string | undefined, label: string): Manifest {
  const json = parseJson(body, contentType, label);
  const parsed = ManifestBody.safeParse(json);
  const [issue] = parsed.error?.issues ?? [];
  const flaw = issue ? `${issue.path.join(".") || "the body"}: ${issue.message}` : ambiguityIn(body, json);
  if (!parsed.success || flaw !== undefined) {
    throw new RetentionError(
      `${labelled(label, contentType)} is no manifest that can be understood: ${printable(flaw ?? "unknown form")}. ${remedy}`,
    );
  }
  const manifest = parsed.data;
  const mediaType = manifest.mediaType ?? mediaTypeByShape(manifest) ?? contentType ?? "none";
  // Go writes an empty list as null.
  if (indexMediaTypes.has(mediaType) && manifest.manifests !== undefined) return distil(manifest, manifest.manifests ?? []);
  if (leafMediaTypes.has(mediaType) && !manifest.manifests) return distil(manifest, undefined);
  throw unsupportedManifest(mediaType, label);
}

const remedy = "Nothing of this package is deleted while it is there; delete that version by hand if it is not needed.";

function labelled(label: string, contentType = "none"): string {
  return `${label} (media type "${printable(contentType)}")`;
}

/** Creates the error for a media type that may hold references this code cannot follow. */
export function unsupportedManifest(mediaType: string, label: string): RetentionError {
  return new RetentionError(
    `${label} has the media type "${printable(mediaType)}", which is not understood here: expected an image index or an image manifest. ${remedy}`,
  );
}

function parseJson(body: string, contentType: string | undefined, label: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new RetentionError(`${labelled(label, contentType)} is not JSON. ${remedy}`);
  }
}

/** `mediaType` may be missing: https://github.com/opencontainers/image-spec/blob/main/manifest.md#image-manifest-property-descriptions */
function mediaTypeByShape(manifest: ManifestBody): string | undefined {
  if (manifest.schemaVersion === 1) return "application/vnd.docker.distribution.manifest.v1+json";
  if (manifest.manifests) return "application/vnd.oci.image.index.v1+json";
  if (manifest.config && manifest.layers) return "application/vnd.oci.image.manifest.v1+json";
  const isEmptyIndex = manifest.manifests === null && !manifest.config && !manifest.layers;
  return isEmptyIndex ? "application/vnd.oci.image.index.v1+json" : undefined;
}

function distil(manifest: ManifestBody, listed: readonly Descriptor[] | undefined): Manifest {
  const siblings = new Map((listed ?? []).map((descriptor) => [descriptor.digest, descriptor]));
  const artifactType = artifactTypeOf(manifest);
  const children = (listed ?? []).map((descriptor) => childOf(descriptor, siblings));
  // A legacy BuildKit cache lists its layers where an index lists manifests.
  const blobs = listed?.filter((_, place) => children[place]?.other) ?? [
    ...(manifest.config ? [manifest.config] : []),
    ...(manifest.layers ?? []),
    ...(manifest.blobs ?? []),
  ];
  return {
    index: listed !== undefined,
    children,
    ...(manifest.subject ? { subject: manifest.subject.digest } : {}),
    ...(artifactType === undefined ? {} : { artifactType: printable(artifactType) }),
    ...(manifest.annotations && Object.keys(manifest.annotations).length > 0 ? { annotations: manifest.annotations } : {}),
    blobs: listedBlobs(blobs),
  };
}

function artifactTypeOf(manifest: ManifestBody): string | undefined {
  if (manifest.artifactType !== undefined) return manifest.artifactType;
  const config = manifest.config?.mediaType;
  return config === undefined || imageConfigs.has(config) ? undefined : config;
}

function childOf(descriptor: Descriptor, siblings: ReadonlyMap<string, Descriptor>): Child {
  const index = indexMediaTypes.has(descriptor.mediaType);
  const known = index || leafMediaTypes.has(descriptor.mediaType);
  const platform = platformOf(descriptor);
  return {
    digest: descriptor.digest,
    index,
    label: labelOf(descriptor, siblings, index),
    ...(platform === undefined ? {} : { platform }),
    ...(known ? {} : { other: true }),
  };
}

function labelOf(descriptor: Descriptor, siblings: ReadonlyMap<string, Descriptor>, index: boolean): string {
  const annotations = descriptor.annotations ?? {};
  if (annotations[referenceTypeAnnotation] === "attestation-manifest") {
    const image = siblings.get(annotations[referenceDigestAnnotation] ?? "");
    return image ? `attestation of ${platformOf(image) ?? "a manifest"}` : "attestation";
  }
  const { artifactType } = descriptor;
  if (artifactType !== undefined && !imageConfigs.has(artifactType)) {
    return kindNameOf(artifactType) ?? `artifact (${printable(artifactType)})`;
  }
  return platformOf(descriptor) ?? (index ? "index" : "manifest");
}

function platformOf({ platform }: Descriptor): string | undefined {
  if (!platform || platform.os === "unknown") return undefined;
  // Crossplane writes an empty one.
  return printable([platform.os, platform.architecture, platform.variant].filter(Boolean).join("/")) || undefined;
}
