import { seesParts } from "./matcher";
import type { Rule } from "./rule";

/**
 * Reports whether `wider` matches every subject that `narrower` matches, in every package, and covers the same tags.
 * Returns false unless that can be shown from the rules alone: what `mostRecent` keeps depends on the package.
 */
export function implies(narrower: Rule, wider: Rule): boolean {
  if (wider.action === "keep" && wider.mostRecent !== undefined) return false;
  return isSelectedToo(narrower, wider) && isVisibleToo(narrower, wider) && meetsToo(narrower, wider);
}

function isSelectedToo(narrower: Rule, wider: Rule): boolean {
  const selectsTags = ({ tags, semver }: Rule) => tags !== undefined || semver !== undefined;
  if (!selectsTags(wider) && wider.untagged === undefined) return true;
  if (!selectsTags(narrower)) return narrower.untagged === true && wider.untagged === true;
  if (narrower.untagged && !wider.untagged) return false;
  const allTags = wider.tags?.includes("*") === true && !wider.tags.some((pattern) => pattern.startsWith("!"));
  const coversTags = wider.tags === undefined || allTags || sameSet(wider.tags, narrower.tags ?? []);
  return selectsTags(wider) && coversTags && (wider.semver === undefined || wider.semver === narrower.semver);
}

function isVisibleToo(narrower: Rule, wider: Rule): boolean {
  if (wider.action === "delete" && narrower.dangling && !wider.dangling) return false;
  return seesParts(wider) || !seesParts(narrower);
}

function meetsToo(narrower: Rule, wider: Rule): boolean {
  const sameAge = wider.age === narrower.age;
  const { olderThan, newerThan, notTags, platforms, artifactType, annotations = {}, digests, dangling, subjectsIn, broken } = wider;
  return [
    olderThan === undefined || (sameAge && (narrower.olderThan ?? -1) >= olderThan),
    newerThan === undefined || (sameAge && (narrower.newerThan ?? Number.POSITIVE_INFINITY) <= newerThan),
    notTags === undefined || isWithin(notTags, narrower.notTags ?? []),
    platforms === undefined || (narrower.platforms !== undefined && isWithin(narrower.platforms, platforms)),
    artifactType === undefined || (narrower.artifactType !== undefined && isWithin(narrower.artifactType, artifactType)),
    Object.entries(annotations).every(([key, pattern]) => narrower.annotations?.[key] === pattern),
    digests === undefined || (narrower.digests !== undefined && isWithin(narrower.digests, digests)),
    dangling === undefined || narrower.dangling === true,
    subjectsIn === undefined || isWithin(subjectsIn, narrower.subjectsIn ?? []),
    broken === undefined || narrower.broken === broken || (broken === true && narrower.broken !== undefined),
  ].every(Boolean);
}

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((one) => whole.includes(one));
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return isWithin(one, other) && isWithin(other, one);
}
