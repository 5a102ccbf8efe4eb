import type { CleanupSettings } from "../step/cleanup-settings";
import { isExactTag } from "../step/old-patterns";
import type { Gap, TranslatedRule } from "../step/translation";

/** Translates the settings of a cleaner that knows images into rules and protected names. */
export function cleanupRules(settings: CleanupSettings): { readonly rules: TranslatedRule[]; readonly protect: string[] } {
  return { rules: [...keeping(settings), ...deleting(settings)], protect: protectedNames(settings) };
}

/** Describes what the step deletes as it is written. */
export function cleanupEffect(settings: CleanupSettings): string {
  const { deleteTags, keepTagged, keepUntagged, deleteUntagged, broken, orphaned, exclude, olderThan: age } = settings;
  const tags = deleteTags === undefined ? "" : ` with the tags ${[...deleteTags.tags, ...deleteTags.digests].join(", ")}`;
  const isByTag = deleteTags !== undefined || keepTagged !== undefined;
  const what = [
    ...(isByTag ? [`all tagged images${tags}${keepTagged === undefined ? "" : ` but the newest ${keepTagged}`}`] : []),
    ...(keepUntagged !== undefined
      ? [`all untagged images but the newest ${keepUntagged}`]
      : deleteUntagged
        ? ["all untagged images"]
        : []),
    ...(broken === undefined ? [] : [`${broken} images`]),
    ...(orphaned ? ["signatures without an image"] : []),
  ];
  const except = exclude.tags.length + exclude.digests.length === 0 ? "" : `, except ${[...exclude.tags, ...exclude.digests].join(", ")}`;
  return `it deletes ${what.length === 0 ? "nothing" : what.join(" and ")}${age === undefined ? "" : ` older than ${age.duration}`}${except}`;
}

function protectedNames({ exclude, meantToExclude }: CleanupSettings): string[] {
  return [...exclude.digests, ...meantToExclude.digests, ...exclude.tags.filter(isExactTag)];
}

function keeping(settings: CleanupSettings): TranslatedRule[] {
  const { exclude, keepTagged, keepUntagged, basis, countsExcluded, missing, meantToExclude } = settings;
  const rules: TranslatedRule[] = [];
  const patterns = exclude.tags.filter((pattern) => !isExactTag(pattern));
  if (patterns.length > 0) {
    rules.push({ rule: { name: "keep-excluded", action: "keep", tags: patterns }, because: "`exclude-tags`" });
  }
  if (meantToExclude.tags.length > 0) {
    const because = "what `exclude-tags` was meant to keep; the old step kept nothing by it";
    rules.push({ rule: { name: "keep-excluded", action: "keep", tags: [...meantToExclude.tags] }, because });
  } else if (missing.exclude !== undefined) {
    rules.push({
      rule: { name: "keep-excluded", action: "keep" },
      because: "`exclude-tags`",
      gaps: [{ field: "tags", input: missing.exclude }],
    });
  }
  const mostRecent = (count: number) => ({ mostRecent: basis === "updated" ? { count, by: basis } : count });
  if ((keepTagged !== undefined && keepTagged > 0) || missing.keepTagged !== undefined) {
    const excluded = countsExcluded ? [] : [...exclude.tags, ...meantToExclude.tags];
    rules.push({
      rule: {
        name: "keep-newest-tagged",
        action: "keep",
        ...selected(settings),
        ...(excluded.length > 0 ? { notTags: [...excluded] } : {}),
        ...ageOf(settings),
        ...(keepTagged === undefined ? {} : mostRecent(keepTagged)),
      },
      because: "`keep-n-tagged`; signatures are not counted here, and an image that also has other tags is",
      ...gaps(settings, [
        { field: "tags", input: missing.deleteTags },
        { field: "notTags", input: countsExcluded ? undefined : missing.exclude },
        { field: "mostRecent", input: missing.keepTagged },
      ]),
    });
  }
  if ((keepUntagged !== undefined && keepUntagged > 0) || missing.keepUntagged !== undefined) {
    const count = keepUntagged === undefined ? {} : mostRecent(keepUntagged);
    rules.push({
      rule: { name: "keep-newest-untagged", action: "keep", untagged: true, ...olderThan(settings), ...count },
      because: "`keep-n-untagged`",
      ...gaps(settings, [{ field: "mostRecent", input: missing.keepUntagged }]),
    });
  }
  return rules;
}

function deleting(settings: CleanupSettings): TranslatedRule[] {
  const { deleteTags, keepTagged, keepUntagged, deleteUntagged, broken, orphaned, missing } = settings;
  const rules: TranslatedRule[] = [];
  const isByTag = (deleteTags !== undefined && deleteTags.tags.length > 0) || missing.deleteTags !== undefined;
  if (isByTag || keepTagged !== undefined || missing.keepTagged !== undefined) {
    rules.push({
      rule: { name: "drop-tagged", action: "delete", ...selected(settings), ...ageOf(settings) },
      because: `${isByTag ? "`delete-tags`" : "`keep-n-tagged` without `delete-tags`: all other tags"}; an image goes when each of its tags may go, and no tag is taken off an image that stays`,
      ...gaps(settings, [{ field: "tags", input: missing.deleteTags }]),
    });
  }
  if (deleteTags !== undefined && deleteTags.digests.length > 0) {
    rules.push({
      rule: { name: "drop-named", action: "delete", digests: [...deleteTags.digests], ...ageOf(settings) },
      because: "the digests in `delete-tags`",
      ...gaps(settings),
    });
  }
  if (deleteUntagged || keepUntagged !== undefined || missing.keepUntagged !== undefined) {
    rules.push({
      rule: { name: "drop-untagged", action: "delete", untagged: true, ...olderThan(settings) },
      because: `${deleteUntagged ? "`delete-untagged`" : "`keep-n-untagged`: all others"}; images that nothing needs, never parts of one`,
      ...gaps(settings),
    });
  }
  if (broken !== undefined) {
    rules.push({
      rule: { name: `drop-${broken}`, action: "delete", broken, ...ageOf(settings) },
      because: `\`delete-${broken}-images\``,
      ...gaps(settings),
    });
  }
  if (orphaned) {
    rules.push({
      rule: {
        name: "drop-lost-signatures",
        action: "delete",
        dangling: true,
        ...(missing.olderThan === undefined ? { olderThan: settings.olderThan?.duration ?? "30d" } : {}),
      },
      because:
        "`delete-orphaned-images`; here they need an age, since a signature may be pushed before its image, or belong to an image in another package",
      ...gaps(settings),
    });
  }
  return rules;
}

/** The tags that the step selects: all of them, unless it names some. */
function selected({ deleteTags, missing }: CleanupSettings): { tags?: string[] } {
  if (missing.deleteTags !== undefined) return {};
  return { tags: deleteTags === undefined || deleteTags.tags.length === 0 ? ["*"] : [...deleteTags.tags] };
}

/** The gaps of a rule: its own, and the age that every rule has. */
function gaps(
  { missing }: CleanupSettings,
  own: readonly { readonly field: Gap["field"]; readonly input: string | undefined }[] = [],
): { readonly gaps?: Gap[] } {
  const all = [...own, { field: "olderThan" as const, input: missing.olderThan }];
  const found = all.flatMap(({ field, input }) => (input === undefined ? [] : [{ field, input }]));
  return found.length === 0 ? {} : { gaps: found };
}

function olderThan({ olderThan }: CleanupSettings): { olderThan?: string } {
  return olderThan === undefined ? {} : { olderThan: olderThan.duration };
}

/** The age of a tagged image counts from its creation, unless the cleaner counted from the last change. */
function ageOf(settings: CleanupSettings): { olderThan?: string; age?: "updated" } {
  const age = olderThan(settings);
  return age.olderThan !== undefined && settings.basis === "updated" ? { ...age, age: "updated" } : age;
}
