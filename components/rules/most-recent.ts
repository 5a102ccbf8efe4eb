import type { z } from "zod";
import { type Match, type Subject, seesParts } from "./matcher";
import type { KeepRule, MostRecent } from "./rule";
import { compareVersions, groupOf, type TagVersion, tagVersion, type VersionGroup } from "./tag-version";

export interface Candidate {
  readonly index: number;
  readonly subject: Subject;
  readonly match: Match;
}

/** Returns the subjects that the given ones keep alive through at least one edge, all as indices. */
export type KeptAlive = (indices: readonly number[]) => ReadonlySet<number>;

/**
 * Returns the indices of the newest candidates, up to the rule's count, and of their parts. Candidates are in the order of the
 * subjects; those with equal times are ordered by id, which GitHub counts upwards. A part of another candidate, such as
 * `v3-amd64` beside `v3`, takes no place and stays with it, unless the rule applies to parts.
 */
export function mostRecent(candidates: readonly Candidate[], rule: z.output<typeof KeepRule>, keptAlive: KeptAlive): Set<number> {
  const images = seesParts(rule) ? candidates : imagesAmong(candidates, keptAlive);
  const kept = newest(images, rule);
  if (images.length < candidates.length) for (const part of keptAlive([...kept])) kept.add(part);
  return kept;
}

/** Returns the candidates that are no part of another one; of those that keep each other alive, the first one. */
function imagesAmong(candidates: readonly Candidate[], keptAlive: KeptAlive): readonly Candidate[] {
  const parts = keptAlive(candidates.map(({ index }) => index));
  const isPart = ({ index }: Candidate) => parts.has(index);
  if (!candidates.some(isPart)) return candidates;
  const whole = candidates.filter((candidate) => !isPart(candidate));
  const counted = new Set(whole.map(({ index }) => index));
  const covered = new Set(keptAlive([...counted]));
  for (const { index } of candidates) {
    if (counted.has(index) || covered.has(index)) continue;
    const below = keptAlive([index]);
    for (const part of below) {
      covered.add(part);
      // It was met before what it is a part of.
      counted.delete(part);
    }
    counted.add(index);
  }
  return candidates.filter(({ index }) => counted.has(index));
}

function newest(candidates: readonly Candidate[], rule: z.output<typeof KeepRule>): Set<number> {
  const { count, by, per } = settingsOf(rule.mostRecent);
  if (by === "semver") return newestVersions(candidates, count, per);
  const time = ({ subject }: Candidate) => (by === "updated" ? subject.updatedAt : subject.createdAt);
  const sorted = [...candidates].sort((a, b) => time(b) - time(a) || b.subject.id - a.subject.id);
  return new Set(sorted.slice(0, count).map(({ index }) => index));
}

function settingsOf(setting: MostRecent | undefined): {
  count: number;
  by: "created" | "updated" | "semver";
  per?: VersionGroup | undefined;
} {
  if (setting === undefined) return { count: Number.POSITIVE_INFINITY, by: "created" };
  return typeof setting === "number" ? { count: setting, by: "created" } : setting;
}

/** Keeps the newest of each group of versions. An image with several version tags may be in several groups; one is enough to keep it. */
function newestVersions(candidates: readonly Candidate[], count: number, per: VersionGroup | undefined): Set<number> {
  const groups = new Map<string, { index: number; id: number; version: TagVersion }[]>();
  for (const { index, subject, match } of candidates) {
    for (const tag of subject.userTags.filter(match.covers)) {
      const version = tagVersion(tag);
      if (version === undefined) continue;
      const key = groupOf(version, per);
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push({ index, id: subject.id, version });
    }
  }
  const kept = [...groups.values()].flatMap((group) => {
    const indices = group.sort((a, b) => compareVersions(a.version, b.version) || b.id - a.id).map(({ index }) => index);
    return [...new Set(indices)].slice(0, count);
  });
  return new Set(kept);
}
