import { gzipSync } from "node:zlib";
import { digestOf } from "./store/digest";
import { MediaType } from "./store/manifest";
import { tarOf } from "./tar";

/** A blob or a manifest: its exact bytes, digest and media type. */
export interface Content {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A manifest and the blobs that it needs. */
export interface Image {
  readonly manifest: Content;
  readonly blobs: readonly Content[];
}

export interface PlatformImage extends Image {
  /** As `linux/amd64` or `linux/arm/v7`. */
  readonly platform: string;
}

export interface MultiArchImage {
  readonly index: Content;
  readonly children: readonly PlatformImage[];
  /** One for each child, when built with attestations. */
  readonly attestations: readonly PlatformImage[];
}

export interface ImageOptions {
  /** Determines the content: the same seed builds the same digests. */
  readonly seed: string;
  /** Uses Docker's media types instead of OCI's. */
  readonly docker?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface MultiArchOptions extends ImageOptions {
  readonly platforms?: readonly string[];
  /** Adds provenance entries, as buildx does by default. */
  readonly attestations?: boolean;
  /** Sets the `subject` of each attestation to its manifest, as newer BuildKit does. */
  readonly attestationSubject?: boolean;
}

const ociConfig = "application/vnd.oci.image.config.v1+json";
const ociLayer = "application/vnd.oci.image.layer.v1.tar+gzip";
const emptyConfig = "application/vnd.oci.empty.v1+json";

export function jsonContent(mediaType: string, value: object): Content {
  const bytes = Buffer.from(JSON.stringify(value));
  return { digest: digestOf(bytes), mediaType, bytes };
}

export function descriptorOf({ mediaType, digest, bytes }: Content): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest, size: bytes.length };
}

/** Builds an image for one platform: a base layer common to the platform, and one layer of its own. */
export function buildImage(platform: string, { seed, docker = false, annotations }: ImageOptions): PlatformImage {
  const [os = "linux", architecture = "amd64", variant] = platform.split("/");
  const base = tarOf("etc/os-release", `NAME="Sandbox Linux"\nARCH="${platform}"\n`);
  const app = tarOf("app/build.txt", `${seed} for ${platform}\n`);
  const layerType = docker ? "application/vnd.docker.image.rootfs.diff.tar.gzip" : ociLayer;
  const layers = [base, app].map((tar) => layerOf(tar, layerType));
  const config = jsonContent(docker ? "application/vnd.docker.container.image.v1+json" : ociConfig, {
    architecture,
    os,
    ...(variant === undefined ? {} : { variant }),
    config: { Cmd: ["/bin/true"], Labels: { seed } },
    rootfs: { type: "layers", diff_ids: [base, app].map((tar) => digestOf(tar)) },
    history: [{ created_by: "base" }, { created_by: "COPY build.txt /app/" }],
  });
  const manifest = jsonContent(docker ? MediaType.dockerManifest : MediaType.ociManifest, {
    schemaVersion: 2,
    mediaType: docker ? MediaType.dockerManifest : MediaType.ociManifest,
    config: descriptorOf(config),
    layers: layers.map(descriptorOf),
    ...(annotations === undefined ? {} : { annotations }),
  });
  return { platform, manifest, blobs: [config, ...layers] };
}

/** Builds an image like `docker buildx build --platform … --push`. */
export function buildMultiArchImage(options: MultiArchOptions): MultiArchImage {
  const { platforms = ["linux/amd64", "linux/arm64"], attestations = true, attestationSubject = false } = options;
  const children = platforms.map((platform) => buildImage(platform, { seed: options.seed, docker: options.docker ?? false }));
  const about = attestations ? children.map((child) => buildAttestation(child, options.seed, attestationSubject)) : [];
  const entries = [
    ...children.map(({ platform, manifest }) => ({ ...descriptorOf(manifest), platform: platformOf(platform) })),
    ...about.map(({ manifest }, index) => ({
      ...descriptorOf(manifest),
      annotations: {
        "vnd.docker.reference.digest": children[index]?.manifest.digest ?? "",
        "vnd.docker.reference.type": "attestation-manifest",
      },
      platform: { architecture: "unknown", os: "unknown" },
    })),
  ];
  return { index: buildIndex(entries, options), children, attestations: about };
}

/** Builds an index of any descriptors: nested indexes, fallback tags, layer blobs. */
export function buildIndex(manifests: readonly object[], { docker = false, annotations }: Partial<ImageOptions> = {}): Content {
  const mediaType = docker ? MediaType.dockerList : MediaType.ociIndex;
  return jsonContent(mediaType, { schemaVersion: 2, mediaType, manifests, ...(annotations === undefined ? {} : { annotations }) });
}

export interface ArtifactOptions {
  readonly seed: string;
  readonly artifactType: string;
  /** What it is about. */
  readonly subject?: Content;
}

/** Builds an artifact such as a signature or an SBOM: an image manifest with an empty config and a `subject`. */
export function buildArtifact({ seed, artifactType, subject }: ArtifactOptions): Image {
  const config: Content = { ...jsonContent(emptyConfig, {}), mediaType: emptyConfig };
  const layer = jsonContent(artifactType, { about: subject?.digest ?? null, seed });
  const manifest = jsonContent(MediaType.ociManifest, {
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    artifactType,
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
    ...(subject === undefined ? {} : { subject: descriptorOf(subject) }),
  });
  return { manifest, blobs: [config, layer] };
}

/** Returns the tag under which clients store the referrers of a digest without a referrers API. */
export function fallbackTagOf(digest: string): string {
  const [algorithm = "", hex = ""] = digest.split(":");
  return `${algorithm}-${hex.slice(0, 64)}`;
}

function buildAttestation(child: PlatformImage, seed: string, withSubject: boolean): PlatformImage {
  const statement = jsonContent("application/vnd.in-toto+json", {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://slsa.dev/provenance/v0.2",
    subject: [{ name: child.platform, digest: { sha256: child.manifest.digest.slice("sha256:".length) } }],
    predicate: { buildType: "https://mobyproject.org/buildkit@v1", seed },
  });
  const config = jsonContent(ociConfig, {
    architecture: "unknown",
    os: "unknown",
    config: {},
    rootfs: { type: "layers", diff_ids: [statement.digest] },
  });
  const layer = { ...descriptorOf(statement), annotations: { "in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2" } };
  const manifest = jsonContent(MediaType.ociManifest, {
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    config: descriptorOf(config),
    layers: [layer],
    ...(withSubject ? { subject: descriptorOf(child.manifest) } : {}),
  });
  return { platform: child.platform, manifest, blobs: [config, statement] };
}

function layerOf(tar: Buffer, mediaType: string): Content {
  const bytes = gzipSync(tar);
  return { digest: digestOf(bytes), mediaType, bytes };
}

function platformOf(text: string): object {
  const [os, architecture, variant] = text.split("/");
  return { architecture, os, ...(variant === undefined ? {} : { variant }) };
}
