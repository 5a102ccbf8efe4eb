import { z } from "zod";
import type { Candidates } from "../../approval/grace";
import { digestPrefix } from "../../approval/record";
import { keyLength, type Sightings, tagKeyLength, type Untagged } from "../../approval/sightings";

/**
 * What runs saw, as state holds it. It changes by itself from day to day, so it stands under a key with two underscores: the engine neither
 * prints such a key nor pins it in a saved plan.
 */
export interface StoredSeen {
  readonly first: string;
  readonly last: string;
  /** Sixteen characters for each image that carried a tag. */
  readonly tagged: string;
  /** By day: images without a tag, as `key` or `key=tag`, separated by spaces. */
  readonly untagged?: Readonly<Record<string, string>>;
  /** With `grace`: the day on which versions became deletable, to their digests' first sixteen hex digits. */
  readonly candidates?: Readonly<Record<string, string>>;
  /** Written by builds whose `mostRecent` counts releases. */
  readonly countsReleases?: true;
}

/** The key of {@link StoredSeen} in the resource's inputs and outputs. */
export const seenKey = "__seen";

const DayText = z.iso.date();

/** By day: words, separated by spaces. */
export const WordsByDay = z.record(DayText, z.string());

export const StoredSeenSchema = z.object({
  first: DayText,
  last: DayText,
  tagged: z.string(),
  untagged: WordsByDay.default({}),
  candidates: WordsByDay.default({}),
  countsReleases: z.literal(true).exactOptional(),
});

/** Writes what this run leaves on record. */
export function storeSeen(sightings: Sightings, candidates: Candidates): StoredSeen {
  const tagged = [...sightings.tagged].sort(([a], [b]) => (a < b ? -1 : 1)).flat();
  const untagged = byDay([...sightings.untagged].map(([key, { day, tag }]) => [day, tag === undefined ? key : `${key}=${tag}`]));
  const waiting = byDay(Object.entries(candidates).map(([digest, day]) => [day, digestPrefix(digest)]));
  return {
    first: sightings.first,
    last: sightings.last,
    tagged: tagged.join(""),
    ...(Object.keys(untagged).length > 0 ? { untagged } : {}),
    ...(Object.keys(waiting).length > 0 ? { candidates: waiting } : {}),
    ...(sightings.countsReleases ? { countsReleases: true } : {}),
  };
}

/** Returns what earlier runs saw. */
export function recallSightings({ first, last, tagged, untagged, countsReleases }: z.output<typeof StoredSeenSchema>): Sightings {
  const width = keyLength + tagKeyLength;
  const all = Array.from({ length: Math.floor(tagged.length / width) }, (_, place): [string, string] => {
    const from = place * width;
    return [tagged.slice(from, from + keyLength), tagged.slice(from + keyLength, from + width)];
  });
  const lost = Object.entries(untagged).flatMap(([day, words]) =>
    words.split(" ").map((word): [string, Untagged] => {
      const tag = word.slice(keyLength + 1);
      return [word.slice(0, keyLength), tag === "" ? { day } : { day, tag }];
    }),
  );
  return { first, last, tagged: new Map(all), untagged: new Map(lost), ...(countsReleases ? { countsReleases } : {}) };
}

/** Returns the candidates among the package's digests; a version that is gone is no candidate any more. */
export function recallCandidates(stored: Readonly<Record<string, string>>, digests: Iterable<string>): Candidates {
  const days = new Map(Object.entries(stored).flatMap(([day, digits]) => digits.split(" ").map((one) => [one, day] as const)));
  return Object.fromEntries(
    [...digests].flatMap((digest) => {
      const day = days.get(digestPrefix(digest));
      return day === undefined ? [] : [[digest, day]];
    }),
  );
}

function byDay(entries: readonly (readonly [string, string])[]): Record<string, string> {
  const days = new Map<string, string[]>();
  for (const [day, word] of entries) {
    const words = days.get(day) ?? [];
    days.set(day, words);
    words.push(word);
  }
  return Object.fromEntries([...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, words]) => [day, words.sort().join(" ")]));
}
