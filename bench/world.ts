import { createHash } from "node:crypto";
import type { PolicyInput } from "../components/rules/policy";
import type { SeedVersion } from "../sandbox";

/** When the measured looks take place. */
export const now = "2026-11-23T12:00:00Z";

const day = 86_400_000;
const minute = 60_000;
const year = 365 * day;
const newest = 10;

/** Each image is five versions: an index and four that it lists, or a signed one with what signs it. */
export const versionsPerImage = 5;

/** What is older than 330 of the year's 365 days goes, unless it is a release. */
export const rules: PolicyInput["rules"] = [
  { name: "keep-releases", action: "keep", tags: ["v*"] },
  { name: "keep-newest-builds", action: "keep", tags: ["main-*"], mostRecent: newest },
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
  readonly vouchedFor: boolean;
  /** Goes under {@link rules}. */
  readonly expires: boolean;
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";

/** A package that was pushed to for a year, image by image, as buildx and cosign do it; the same each time. */
export function packageOfAYear(name: string, versions: number): BenchVersion[] {
  const images = Math.ceil(versions / versionsPerImage);
  const places = Array.from({ length: images }, (_, place) => place);
  const newestBuilds = new Set(places.filter(isBuildOfMain).slice(-newest));
  return places.flatMap((place) => imageOf(name, place, images, newestBuilds));
}

function isBuildOfMain(place: number): boolean {
  return place % 10 >= 1 && place % 10 <= 3;
}

function imageOf(name: string, place: number, images: number, newestBuilds: ReadonlySet<number>): BenchVersion[] {
  const end = Date.parse(now) - 2 * day;
  const createdAt = end - year + Math.floor((place * year) / images);
  const kind = place % 10;
  const tags = tagsOf(kind, place);
  const expires = kind !== 0 && !newestBuilds.has(place) && Date.parse("2026-11-23") - (createdAt + minute) >= 330 * day;
  const about = { createdAt, expires, vouchedFor: true, tags: [] };
  const platforms = ["amd64", "arm64"].map((architecture) => ({ architecture, ...leaf(`${name} ${place} ${architecture}`, about) }));
  const signed = kind === 0;
  const attestations = signed ? [] : platforms.map(({ architecture }) => leaf(`${name} ${place} attestation ${architecture}`, about));
  const index = version(
    indexType,
    { ...about, createdAt: createdAt + minute, vouchedFor: false, tags },
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
  const later = { ...about, createdAt: createdAt + 2 * minute, vouchedFor: false };
  const signatures = signed
    ? [
        leaf(`${name} ${place} signature`, { ...later, tags: [`${index.digest.replace(":", "-")}.sig`] }),
        leaf(`${name} ${place} bundle`, later, {
          subject: descriptor(index.digest),
          artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        }),
      ]
    : [];
  return [...platforms.map(({ architecture: _, ...platform }) => platform), ...attestations, index, ...signatures];
}

/** One in ten a release, three each a build of main, of a pull request, and one whose tag has moved on. */
function tagsOf(kind: number, place: number): string[] {
  if (kind === 0) return [`v1.${place}.0`];
  if (isBuildOfMain(place)) return [`main-${place}`];
  return kind <= 6 ? [`pr-${place}`] : [];
}

function descriptor(digest: string): object {
  return { mediaType: manifestType, digest, size: 700 };
}

type About = Omit<BenchVersion, "digest" | "manifest" | "mediaType">;

function leaf(seed: string, about: About, more: object = {}): BenchVersion {
  return version(manifestType, about, {
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(`config ${seed}`), size: 512 },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: digestOf(`layer ${seed}`), size: 4096 }],
    ...more,
  });
}

function version(mediaType: string, about: About, body: object): BenchVersion {
  const manifest = JSON.stringify(body);
  return { ...about, mediaType, manifest, digest: digestOf(manifest) };
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

export function seedOf(repository: string, { manifest, mediaType, tags, createdAt }: BenchVersion): SeedVersion {
  return { package: repository, manifest, mediaType, tags: [...tags], createdAt: new Date(createdAt).toISOString() };
}

/** R and C of the bound: not vouched for by an index, and vouched for by one that goes. */
export function readsOf(versions: readonly BenchVersion[]): { others: number; children: number } {
  const others = versions.filter(({ vouchedFor }) => !vouchedFor).length;
  return { others, children: versions.filter(({ vouchedFor, expires }) => vouchedFor && expires).length };
}
