import { compare, minVersion, Range, SemVer } from "semver";

/** A tag that is a version: `v1.4.2`, `1.4.2-rc.1`, `1.4.2-alpine3.20`, `1.4.2-rc.1-slim`. */
export interface TagVersion {
  readonly version: SemVer;
  /** What stands after version and prerelease, such as `alpine3.20`; variants are counted apart. */
  readonly variant: string;
}

const versionTag = /^v?(\d{1,9}\.\d{1,9}\.\d{1,9})(?:-([0-9A-Za-z.-]+))?$/;

const stageWords = "alpha|beta|rc|cr|pre|preview|dev|next|canary|nightly|snapshot|m";

/** A suffix that names a stage of a version, as `rc.1` and `canary.5f3c2a1` do; any other names a variant of the image. */
const stage = new RegExp(`^(?:(?:${stageWords})\\d*(?:\\.[0-9A-Za-z]+)*|\\d+(?:\\.\\d+)*)$`, "i");
const numberedStage = new RegExp(`-(${stageWords})(\\d+)`, "gi");

/** The version that a tag stands for; `undefined` for every other tag, `1.4` and `latest` among them. */
export function tagVersion(tag: string): TagVersion | undefined {
  const match = versionTag.exec(tag);
  if (!match) return undefined;
  const parts = match[2]?.split("-") ?? [];
  const stages = parts.findIndex((part) => !stage.test(part));
  const [prerelease, variant] = stages < 0 ? [parts, []] : [parts.slice(0, stages), parts.slice(stages)];
  try {
    return { version: new SemVer(withDots([match[1], ...prerelease].join("-")), { loose: true }), variant: variant.join("-") };
  } catch {
    return undefined;
  }
}

/** `rc10` as `rc.10`: by the letter of the specification it would come before `rc9`. */
function withDots(version: string): string {
  return version.replace(numberedStage, "-$1.$2");
}

/** Is the tag a version in the range? Prereleases only where the range names one, as npm has it. */
export function versionTest(range: string): (tag: string) => boolean {
  const compiled = new Range(withDots(range));
  return (tag) => {
    const found = tagVersion(tag);
    return found !== undefined && compiled.test(found.version);
  };
}

export function isVersionRange(range: string): boolean {
  try {
    new Range(withDots(range));
    return true;
  } catch {
    return false;
  }
}

/** No version is in it, as in `>2 <1`. */
export function isEmptyRange(range: string): boolean {
  const compiled = new Range(withDots(range));
  if (minVersion(compiled) !== null) return false;
  // `minVersion` looks for no prerelease below an upper bound: `>1.0.0 <1.0.1-rc.5` holds 1.0.1-rc.1.
  const first = compiled.set.flat().filter(({ semver }) => semver.prerelease?.length > 0);
  return !first.some(({ semver: { major, minor, patch } }) => compiled.test(`${major}.${minor}.${patch}-0`));
}

/** Newest first. */
export function compareVersions(a: TagVersion, b: TagVersion): number {
  return compare(b.version, a.version);
}

export type VersionGroup = "major" | "minor" | "patch";

/** The versions that are counted together: all of a variant, or those of a variant's major, minor or patch. */
export function groupOf({ version, variant }: TagVersion, per: VersionGroup | undefined): string {
  const numbers = [version.major, version.minor, version.patch];
  const depth = per === undefined ? 0 : { major: 1, minor: 2, patch: 3 }[per];
  return `${numbers.slice(0, depth).join(".")} ${variant}`;
}
