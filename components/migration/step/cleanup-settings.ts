import type { OldAge } from "./old-age";
import type { OldPatterns } from "./old-patterns";

/** What the two cleaners that know images are told, as they take it. */
export interface CleanupSettings {
  /** Absent: tags are not chosen by name. */
  readonly deleteTags?: OldPatterns;
  readonly exclude: OldPatterns;
  readonly olderThan?: OldAge;
  readonly keepTagged?: number;
  readonly keepUntagged?: number;
  readonly deleteUntagged: boolean;
  readonly broken?: "ghost" | "partial";
  readonly orphaned: boolean;
  /** The time that ages and the order of newest go by. */
  readonly basis: "created" | "updated";
  /** Whether an excluded image takes one of the places of keep-n. */
  readonly excludedTakePlaces: boolean;
}
