import { compare, minVersion, Range, SemVer } from "semver";

/** A tag that is a version: `v1.4.2`, `1.4.2-rc.1`, `1.4.2-alpine3.20`, `1.4.2-rc.1-slim`, `1.4.2_build.5`, `17.0.2_8-jdk`. */
export interface TagVersion {
  readonly version: SemVer;
  /** What follows version and prerelease, such as `alpine3.20`, and the words beside a build. Variants are counted separately. */
  readonly variant: string;
}

/** A tag cannot hold a `+`. Helm writes `_` for it, and reads it back: https://github.com/argoproj/argo-cd/issues/14097 */
const versionTag = /^v?(\d{1,9}\.\d{1,9}\.\d{1,9})(?:-([0-9A-Za-z.-]+))?(?:_([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
/** Matches a part of build metadata that names a variant. Any other part, such as `build.5` or a commit, counts builds. */
const variantOfBuild = /^(?!g?[0-9a-f]{7,}$)[a-z][0-9a-z]*$/i;

const stageWords = "alpha|beta|rc|cr|pre|preview|dev|next|canary|nightly|snapshot|m";

/** Matches a suffix that names a stage of a version, such as `rc.1` or `canary.5f3c2a1`. Any other suffix names a variant. */
const stage = new RegExp(`^(?:(?:${stageWords})\\d*(?:\\.[0-9A-Za-z]+)*|\\d+(?:\\.\\d+)*)$`, "i");
const numberedStage = new RegExp(`-(${stageWords})(\\d+)`, "gi");

/** Parses a tag as a version. Returns `undefined` for any other tag, including `1.4` and `latest`. */
export function tagVersion(tag: string): TagVersion | undefined {
  const match = versionTag.exec(tag);
  if (!match) return undefined;
  const parts = match[2]?.split("-") ?? [];
  const stages = parts.findIndex((part) => !stage.test(part));
  const [prerelease, variant] = stages < 0 ? [parts, []] : [parts.slice(0, stages), parts.slice(stages)];
  try {
    const version = new SemVer(withDots([match[1], ...prerelease].join("-")), { loose: true });
    const ofBuild = match[3]?.split("-").filter((part) => variantOfBuild.test(part)) ?? [];
    return { version, variant: [...variant, ...ofBuild].join("-") };
  } catch {
    return undefined;
  }
}

/** Rewrites `rc10` as `rc.10`: the semver specification would order `rc10` before `rc9`. */
function withDots(version: string): string {
  return version.replace(numberedStage, "-$1.$2");
}

/** A bound may be copied from a tag. */
function parseRange(range: string): Range {
  return new Range(withDots(range.replaceAll("_", "+")));
}

/** Compiles a range to a test of tags. As in npm, prereleases match only if the range names one. */
export function versionTest(range: string): (tag: string) => boolean {
  const compiled = parseRange(range);
  return (tag) => {
    const found = tagVersion(tag);
    return found !== undefined && compiled.test(found.version);
  };
}

export function isVersionRange(range: string): boolean {
  try {
    parseRange(range);
    return true;
  } catch {
    return false;
  }
}

/** Reports whether no version can be in the range, as in `>2 <1`. */
export function isEmptyRange(range: string): boolean {
  const compiled = parseRange(range);
  if (minVersion(compiled) !== null) return false;
  // `minVersion` ignores prereleases below an upper bound: `>1.0.0 <1.0.1-rc.5` contains 1.0.1-rc.1.
  const first = compiled.set.flat().filter(({ semver }) => semver.prerelease?.length > 0);
  return !first.some(({ semver: { major, minor, patch } }) => compiled.test(`${major}.${minor}.${patch}-0`));
}

/** Orders versions newest first. */
export function compareVersions(a: TagVersion, b: TagVersion): number {
  return compare(b.version, a.version);
}

export type VersionGroup = "major" | "minor" | "patch";

/** Returns the key of the versions that are counted together: all of a variant, or those of its major, minor or patch. */
export function groupOf({ version, variant }: TagVersion, per: VersionGroup | undefined): string {
  const numbers = [version.major, version.minor, version.patch];
  const depth = per === undefined ? 0 : { major: 1, minor: 2, patch: 3 }[per];
  return `${numbers.slice(0, depth).join(".")} ${variant}`;
}
