import { tagTest } from "../../rules/tag-pattern";
import type { OldPatterns } from "../step/old-patterns";
import type { OldDeletions } from "../step/translation";

/** The settings of actions/delete-package-versions. */
export interface VersionSettings {
  readonly untaggedOnly: boolean;
  readonly prereleasesOnly: boolean;
  /** How many of the newest versions stay. */
  readonly keep?: number;
  /** How many of the oldest versions each run deletes. */
  readonly number?: number;
  /** The action compares these with the version's name, which is a digest and never a tag. */
  readonly ignored: OldPatterns;
}

/** Follows https://github.com/actions/delete-package-versions/blob/main/src/delete.ts, with as many runs of 100 as needed. */
export function deletionsOfDeletePackageVersions({ untaggedOnly, keep, number = 0, ignored }: VersionSettings): OldDeletions {
  return ({ nodes }) => {
    const isIgnored = ignored.tags.length === 0 ? () => false : tagTest(ignored.tags);
    // Nodes are ordered newest first.
    const oldestFirst = [...nodes.keys()].reverse().filter((node) => {
      const version = nodes[node]?.version;
      return version !== undefined && !isIgnored(version.digest) && (!untaggedOnly || version.tags.length === 0);
    });
    return new Set(oldestFirst.slice(0, keep === undefined ? number : Math.max(0, oldestFirst.length - keep)));
  };
}
