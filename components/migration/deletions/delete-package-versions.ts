import type { OldPatterns } from "../step/old-patterns";
import type { OldDeletions } from "../step/translation";

/** What actions/delete-package-versions is told. */
export interface RawSettings {
  readonly untaggedOnly: boolean;
  readonly prereleasesOnly: boolean;
  /** So many of the newest stay. */
  readonly keep?: number;
  /** So many of the oldest go in each run. */
  readonly number?: number;
  /** It holds these against the version's name, which is a digest: they never fit. */
  readonly ignored: OldPatterns;
}

/** https://github.com/actions/delete-package-versions/blob/main/src/delete.ts, with as many runs of 100 as it takes. */
export function deletionsOfRawVersions({ untaggedOnly, keep, number = 0 }: RawSettings): OldDeletions {
  return ({ nodes }) => {
    // Nodes are ordered newest first.
    const oldestFirst = [...nodes.keys()].reverse().filter((node) => !untaggedOnly || nodes[node]?.version.tags.length === 0);
    return new Set(oldestFirst.slice(0, keep === undefined ? number : Math.max(0, oldestFirst.length - keep)));
  };
}
