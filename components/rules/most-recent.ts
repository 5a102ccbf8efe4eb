import type { z } from "zod";
import { type Match, type Subject, seesParts } from "./matcher";
import type { KeepRule, MostRecent } from "./rule";
import { compareVersions, groupOf, type TagVersion, tagVersion, type VersionGroup } from "./tag-version";

export interface Candidate {
  readonly index: number;
  readonly subject: Subject;
  readonly match: Match;
}

/**
 * Returns the indices of the newest candidates, up to the rule's count. Candidates with equal times are ordered by id,
 * which GitHub counts upwards. Referrers are neither counted nor kept unless the rule applies to them.
 */
export function mostRecent(candidates: readonly Candidate[], rule: z.output<typeof KeepRule>): Set<number> {
  const counted = candidates.filter(({ subject }) => subject.role === "root" || seesParts(rule));
  const { count, by, per } = settingsOf(rule.mostRecent);
  if (by === "semver") return newestVersions(counted, count, per);
  const time = ({ subject }: Candidate) => (by === "updated" ? subject.updatedAt : subject.createdAt);
  const sorted = counted.sort((a, b) => time(b) - time(a) || b.subject.id - a.subject.id);
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
