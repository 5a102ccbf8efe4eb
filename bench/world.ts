import { createHash } from "node:crypto";
import type { PolicyInput } from "../components/rules/policy";
import type { SeedVersion } from "../sandbox";

/** The time at which packages are observed. */
export const now = "2026-11-23T12:00:00Z";

export const day = 86_400_000;
const minute = 60_000;
const year = 365 * day;
const newestKept = 10;

/** Each image has five versions: an index and the four that it lists, or a signed index, two platforms and two signatures. */
export const versionsPerImage = 5;

/** Deletes everything older than 330 of the year's 365 days, except releases. */
export const rules: PolicyInput["rules"] = [
  { name: "keep-releases", action: "keep", tags: ["v*"] },
  { name: "keep-newest-builds", action: "keep", tags: ["main-*"], mostRecent: newestKept },
  { name: "drop-builds", action: "delete", tags: ["main-*", "pr-*"], olderThan: "330d" },
  { name: "drop-untagged", action: "delete", untagged: true, olderThan: "330d" },
];

export interface BenchVersion {
  readonly digest: string;
  readonly manifest: string;
  readonly mediaType: string;
  readonly tags: readonly string[];
  readonly createdAt: number;
  /** Listed by an index as an image manifest. */
  readonly listedAsImage: boolean;
  /** Deleted under {@link rules}. */
  readonly expires: boolean;
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";
export const indexType = "application/vnd.oci.image.index.v1+json";

/** Returns a package with a year of pushes, image by image, as buildx and cosign make them; the same each time. */
export function packageOfAYear(name: string, versions: number): BenchVersion[] {
  const images = Math.ceil(versions / versionsPerImage);
  const indices = Array.from({ length: images }, (_, index) => index);
  const newestBuilds = new Set(indices.filter(isBuildOfMain).slice(-newestKept));
  return indices.flatMap((index) => imageOf(name, { index, images, newestBuilds }));
}

function isBuildOfMain(index: number): boolean {
  return index % 10 >= 1 && index % 10 <= 3;
}

interface ImageOfYear {
  readonly index: number;
  /** The number of images of the year. */
  readonly images: number;
  readonly newestBuilds: ReadonlySet<number>;
}

function imageOf(name: string, { index: image, images, newestBuilds }: ImageOfYear): BenchVersion[] {
  const end = Date.parse(now) - 2 * day;
  const createdAt = end - year + Math.floor((image * year) / images);
  const kind = image % 10;
  const tags = tagsOf(kind, image);
  const expires = kind !== 0 && !newestBuilds.has(image) && Date.parse("2026-11-23") - (createdAt + minute) >= 330 * day;
  const about = { createdAt, expires, listedAsImage: true, tags: [] };
  const platforms = ["amd64", "arm64"].map((architecture) => ({ architecture, ...leaf(`${name} ${image} ${architecture}`, about) }));
  const signed = kind === 0;
  const attestations = signed ? [] : platforms.map(({ architecture }) => leaf(`${name} ${image} attestation ${architecture}`, about));
  const index = version(
    indexType,
    { ...about, createdAt: createdAt + minute, listedAsImage: false, tags },
    {
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [
        ...platforms.map(({ digest, architecture }) => ({ ...descriptor(digest), platform: { os: "linux", architecture } })),
        ...attestations.map(({ digest }, at) => ({
          ...descriptor(digest),
          platform: { os: "unknown", architecture: "unknown" },
          annotations: {
            "vnd.docker.reference.type": "attestation-manifest",
            "vnd.docker.reference.digest": platforms[at]?.digest,
          },
        })),
      ],
    },
  );
  const later = { ...about, createdAt: createdAt + 2 * minute, listedAsImage: false };
  const signatures = signed
    ? [
        leaf(`${name} ${image} signature`, { ...later, tags: [`${index.digest.replace(":", "-")}.sig`] }),
        leaf(`${name} ${image} bundle`, later, {
          subject: descriptor(index.digest),
          artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        }),
      ]
    : [];
  return [...platforms.map(({ architecture: _, ...platform }) => platform), ...attestations, index, ...signatures];
}

/** Of ten images one is a release, and three each are builds of main, of pull requests, and images that lost their tag. */
function tagsOf(kind: number, image: number): string[] {
  if (kind === 0) return [`v1.${image}.0`];
  if (isBuildOfMain(image)) return [`main-${image}`];
  return kind <= 6 ? [`pr-${image}`] : [];
}

export function descriptor(digest: string): object {
  return { mediaType: manifestType, digest, size: 700 };
}

type About = Omit<BenchVersion, "digest" | "manifest" | "mediaType">;

export function leaf(seed: string, about: About, more: object = {}): BenchVersion {
  return version(manifestType, about, {
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(`config ${seed}`), size: 512 },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: digestOf(`layer ${seed}`), size: 4096 }],
    ...more,
  });
}

export function version(mediaType: string, about: About, body: object): BenchVersion {
  const manifest = JSON.stringify(body);
  return { ...about, mediaType, manifest, digest: digestOf(manifest) };
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

export function seedOf(repository: string, { manifest, mediaType, tags, createdAt }: BenchVersion): SeedVersion {
  return { package: repository, manifest, mediaType, tags: [...tags], createdAt: new Date(createdAt).toISOString() };
}

/** Returns R and C of the bound: manifests that no index lists as images, and those that only deleted indices list. */
export function readsOf(versions: readonly BenchVersion[]): { others: number; children: number } {
  const others = versions.filter(({ listedAsImage }) => !listedAsImage).length;
  return { others, children: versions.filter(({ listedAsImage, expires }) => listedAsImage && expires).length };
}
