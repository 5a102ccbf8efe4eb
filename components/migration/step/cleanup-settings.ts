import type { OldAge } from "./old-age";
import type { OldPatterns } from "./old-patterns";

/** The settings of the two cleaners that know images. */
export interface CleanupSettings {
  /** Absent when tags are not selected by name. */
  readonly deleteTags?: OldPatterns;
  readonly exclude: OldPatterns;
  readonly olderThan?: OldAge;
  readonly keepTagged?: number;
  readonly keepUntagged?: number;
  readonly deleteUntagged: boolean;
  readonly broken?: "ghost" | "partial";
  readonly orphaned: boolean;
  /** The timestamp used for ages and for the order of the newest. */
  readonly basis: "created" | "updated";
  /** Whether keep-n counts excluded images. */
  readonly countsExcluded: boolean;
  /** The inputs whose value is missing here, by setting. */
  readonly missing: Readonly<Partial<Record<"deleteTags" | "exclude" | "olderThan" | "keepTagged" | "keepUntagged", string>>>;
  /** What the step meant to exclude and did not. */
  readonly meantToExclude: OldPatterns;
}
