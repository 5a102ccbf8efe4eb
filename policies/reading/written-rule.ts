import { z } from "zod";
import { notKnown } from "./known";

/** A rule as its author wrote it: each part may be absent, not known yet, or nonsense. */
export const WrittenRule = z.object({
  name: z.unknown().optional(),
  action: z.unknown().optional(),
  scope: z.unknown().optional(),
  tags: z.unknown().optional(),
  untagged: z.unknown().optional(),
});
export type WrittenRule = z.output<typeof WrittenRule>;

/**
 * Whether the rule deletes untagged versions by GitHub's raw list, where the manifests behind a tag stand as untagged
 * versions of their own. Only what is certainly harmless is let through; what is not known yet is judged in the update.
 */
export function takesUntaggedVersions({ action, scope, tags, untagged }: WrittenRule): boolean {
  if (action === "keep" || action === notKnown) return false;
  if (scope === undefined || scope === "images" || scope === notKnown) return false;
  if (untagged !== undefined && untagged !== false && untagged !== notKnown) return true;
  return tags !== notKnown && !(Array.isArray(tags) && tags.length > 0);
}
