import { type BenchVersion, day, descriptor, indexType, leaf, now, version } from "./world";

const platforms = ["amd64", "arm64", "arm", "s390x"];
const tags = 160;
const orphans = 200;

/** Deletes half of the tags, and what lost its own. */
export const taggedRules = [
  { name: "drop-builds", action: "delete", tags: ["pr-*"], olderThan: "14d" },
  { name: "drop-untagged", action: "delete", untagged: true, olderThan: "14d" },
] as const;

/** A package of 1,000 versions as most people have one: a tag a day, each of four platforms, and images that lost their tag. */
export function taggedPackage(): BenchVersion[] {
  const end = Date.parse(now);
  const images = Array.from({ length: tags }, (_, at) => imageOf(at, end - (tags + 40 - at) * day));
  const untagged = Array.from({ length: orphans }, (_, at) => {
    return leaf(`orphan ${at}`, { createdAt: end - (orphans + 50 - at) * day, tags: [], listedAsImage: false, expires: true });
  });
  return [...images.flat(), ...untagged];
}

function imageOf(at: number, createdAt: number): BenchVersion[] {
  const about = { createdAt, tags: [], listedAsImage: true, expires: at % 2 === 0 };
  const children = platforms.map((architecture) => leaf(`tagged ${at} ${architecture}`, about));
  const manifests = children.map(({ digest }, place) => ({
    ...descriptor(digest),
    platform: { os: "linux", architecture: platforms[place] },
  }));
  const named = { ...about, tags: [at % 2 === 0 ? `pr-${at}` : `v1.${at}.0`], listedAsImage: false };
  return [...children, version(indexType, named, { schemaVersion: 2, mediaType: indexType, manifests })];
}
