import { describeAge } from "../../messages/age";
import { count } from "../../messages/plurals";
import { day } from "../../rules/duration";
import type { MostRecent, Rule } from "../../rules/rule";
import { tagTest } from "../../rules/tag-pattern";
import type { Lane } from "./lanes";

/** Where a rule begins or ends to match: a line of the picture. */
export interface Bound {
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The places of the lanes whose images the rule judges. */
  readonly lanes: readonly number[];
}

export interface BoundedBy {
  readonly rules: readonly Rule[];
  /** Epoch milliseconds. */
  readonly asOf: number;
  /** By keep rule, the time of the oldest image that it keeps. */
  readonly oldestKept: ReadonlyMap<string, number>;
}

/** Returns the bounds of rules in time: ages, and the oldest image of those that `mostRecent` keeps. Pure. */
export function boundsOf(lanes: readonly Lane[], { rules, asOf, oldestKept }: BoundedBy): Bound[] {
  const bounds = rules.flatMap((rule): Bound[] => {
    const judged = lanes.flatMap((lane, place) => (judges(rule, lane) ? [place] : []));
    if (judged.length === 0) return [];
    const from = { created: ", since creation", updated: ", since the last change", unneeded: "" }[rule.age ?? "unneeded"];
    const oldest = rule.mostRecent === undefined ? undefined : oldestKept.get(rule.name);
    const { olderThan, newerThan, name } = rule;
    return [
      ...(olderThan === undefined
        ? []
        : [{ text: `${name}: older than ${ageText(olderThan)}${from}`, at: asOf - olderThan, lanes: judged }]),
      ...(newerThan === undefined
        ? []
        : [{ text: `${name}: newer than ${ageText(newerThan)}${from}`, at: asOf - newerThan, lanes: judged }]),
      ...(oldest === undefined ? [] : [{ text: `${name}: ${mostRecentText(rule.mostRecent)}`, at: oldest, lanes: judged }]),
    ];
  });
  return bounds.sort((a, b) => b.at - a.at || (a.text < b.text ? -1 : 1));
}

function ageText(milliseconds: number): string {
  if (milliseconds % day === 0) return describeAge(milliseconds);
  const hour = day / 24;
  return milliseconds % hour === 0 ? count(milliseconds / hour, "hour") : count(Math.round(milliseconds / 60_000), "minute");
}

function mostRecentText(mostRecent: MostRecent = 1): string {
  if (typeof mostRecent === "number") return `the newest ${mostRecent}`;
  return `the newest ${mostRecent.count}${mostRecent.per === undefined ? "" : ` of each ${mostRecent.per}`}`;
}

function judges({ tags, untagged, semver, scope }: Rule, { isUntagged, images }: Lane): boolean {
  if (isUntagged) return untagged === true || scope === "versions" || (tags === undefined && semver === undefined);
  if (tags !== undefined) {
    const matches = tagTest(tags);
    return images.some((image) => image.tags.some(matches));
  }
  return semver !== undefined || untagged === undefined;
}
