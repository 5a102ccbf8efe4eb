import { z } from "zod";
import { unknownValue } from "./unknown-values";

/** A rule as written: each property may be absent, unknown or invalid. */
export const WrittenRule = z.object({
  name: z.unknown().optional(),
  action: z.unknown().optional(),
  scope: z.unknown().optional(),
  tags: z.unknown().optional(),
  untagged: z.unknown().optional(),
});
export type WrittenRule = z.output<typeof WrittenRule>;

/**
 * Whether the rule deletes untagged versions from GitHub's raw list, in which the manifests of a tagged image are untagged
 * versions. Only certainly harmless rules pass; unknown values are checked in the update.
 */
export function takesUntaggedVersions({ action, scope, tags, untagged }: WrittenRule): boolean {
  if (action === "keep" || action === unknownValue) return false;
  if (scope === undefined || scope === "images" || scope === unknownValue) return false;
  if (untagged !== undefined && untagged !== false && untagged !== unknownValue) return true;
  return tags !== unknownValue && !(Array.isArray(tags) && tags.length > 0);
}
