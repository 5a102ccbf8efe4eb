import type { CleanupSettings } from "../step/cleanup-settings";
import { isExactTag } from "../step/old-patterns";
import type { TranslatedRule } from "../step/translation";

/** Translates the settings of a cleaner that knows images into rules and protected names. */
export function cleanupRules(settings: CleanupSettings): { readonly rules: TranslatedRule[]; readonly protect: string[] } {
  return { rules: [...keeping(settings), ...deleting(settings)], protect: protectedNames(settings) };
}

function protectedNames({ exclude }: CleanupSettings): string[] {
  return [...exclude.digests, ...exclude.tags.filter(isExactTag)];
}

function keeping(settings: CleanupSettings): TranslatedRule[] {
  const { exclude, keepTagged, keepUntagged, basis, deleteTags, countsExcluded } = settings;
  const rules: TranslatedRule[] = [];
  const patterns = exclude.tags.filter((pattern) => !isExactTag(pattern));
  if (patterns.length > 0) {
    rules.push({ rule: { name: "keep-excluded", action: "keep", tags: patterns }, because: "`exclude-tags`" });
  }
  const mostRecent = (count: number) => (basis === "updated" ? { count, by: basis } : count);
  if (keepTagged !== undefined && keepTagged > 0) {
    const excluded = countsExcluded ? [] : exclude.tags;
    rules.push({
      rule: {
        name: "keep-newest-tagged",
        action: "keep",
        tags: tagsOf(deleteTags),
        ...(excluded.length > 0 ? { notTags: [...excluded] } : {}),
        ...ageOf(settings),
        mostRecent: mostRecent(keepTagged),
      },
      because: "`keep-n-tagged`; signatures are not counted here, and an image that also has other tags is",
    });
  }
  if (keepUntagged !== undefined && keepUntagged > 0) {
    rules.push({
      rule: { name: "keep-newest-untagged", action: "keep", untagged: true, ...olderThan(settings), mostRecent: mostRecent(keepUntagged) },
      because: "`keep-n-untagged`",
    });
  }
  return rules;
}

function deleting(settings: CleanupSettings): TranslatedRule[] {
  const { deleteTags, keepTagged, keepUntagged, deleteUntagged, broken, orphaned } = settings;
  const rules: TranslatedRule[] = [];
  const isByTag = deleteTags !== undefined && deleteTags.tags.length > 0;
  if (isByTag || keepTagged !== undefined) {
    rules.push({
      rule: { name: "drop-tagged", action: "delete", tags: tagsOf(deleteTags), ...ageOf(settings) },
      because: `${isByTag ? "`delete-tags`" : "`keep-n-tagged` without `delete-tags`: all other tags"}; an image goes when each of its tags may go, and no tag is taken off an image that stays`,
    });
  }
  if (deleteTags !== undefined && deleteTags.digests.length > 0) {
    rules.push({
      rule: { name: "drop-named", action: "delete", digests: [...deleteTags.digests], ...ageOf(settings) },
      because: "the digests in `delete-tags`",
    });
  }
  if (deleteUntagged || keepUntagged !== undefined) {
    rules.push({
      rule: { name: "drop-untagged", action: "delete", untagged: true, ...olderThan(settings) },
      because: `${deleteUntagged ? "`delete-untagged`" : "`keep-n-untagged`: all others"}; images that nothing needs, never parts of one`,
    });
  }
  if (broken !== undefined) {
    rules.push({
      rule: { name: `drop-${broken}`, action: "delete", broken, ...ageOf(settings) },
      because: `\`delete-${broken}-images\``,
    });
  }
  if (orphaned) {
    rules.push({
      rule: { name: "drop-lost-signatures", action: "delete", dangling: true, olderThan: settings.olderThan?.duration ?? "30d" },
      because:
        "`delete-orphaned-images`; here they need an age, since a signature may be pushed before its image, or belong to an image in another package",
    });
  }
  return rules;
}

function tagsOf(patterns: CleanupSettings["deleteTags"]): string[] {
  return patterns === undefined || patterns.tags.length === 0 ? ["*"] : [...patterns.tags];
}

function olderThan({ olderThan }: CleanupSettings): { olderThan?: string } {
  return olderThan === undefined ? {} : { olderThan: olderThan.duration };
}

/** The age of a tagged image counts from its creation, unless the cleaner counted from the last change. */
function ageOf(settings: CleanupSettings): { olderThan?: string; age?: "updated" } {
  const age = olderThan(settings);
  return age.olderThan !== undefined && settings.basis === "updated" ? { ...age, age: "updated" } : age;
}
