import type { Node } from "./graph";
import { schemesOf } from "./tag-schemes";

interface Clock {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Milliseconds. */
  readonly minimumAge: number;
}

/**
 * Returns those of the digests that a version refers to, as its subject or by its tags, where it is younger than `minimumAge`: somebody has
 * just signed them, or referred to them otherwise, which says that they are in use.
 */
export function subjectsInUse({ version, manifest }: Node, digests: readonly string[], { now, minimumAge }: Clock): string[] {
  if (now - version.createdAt >= minimumAge) return [];
  const prefixes = schemesOf(version).map(({ subjectPrefix }) => subjectPrefix);
  if (manifest?.subject === undefined && prefixes.length === 0) return [];
  return digests.filter((digest) => digest === manifest?.subject || prefixes.some((prefix) => digest.startsWith(prefix)));
}
