import { tagTest } from "../rules/tag-pattern";
import type { Family, Purpose } from "./tag-family";

export interface TagUse {
  readonly tag: string;
  /** Milliseconds. */
  readonly age: number;
  readonly family: Family;
  /** Whether `mostRecent` surely counts what has the tag: a referrer may be a part of another match. */
  readonly counts: boolean;
}

/** Some tags of a package. */
export interface FoundTags {
  readonly patterns: readonly string[];
  /** Newest first. */
  readonly tags: readonly string[];
  /** Milliseconds. */
  readonly youngest: number;
  readonly oldest: number;
}

/** Tags of the same form: the newest of them is the newest of something. Its patterns match no tag of another stream of the package. */
export interface Stream extends FoundTags {
  readonly name: string;
}

/** The tags of one purpose in a package. */
export interface FoundFamily extends FoundTags {
  readonly purpose: Purpose;
  /** The largest first. */
  readonly streams: readonly Stream[];
}

/** Nobody reads hundreds of rules, so only the most frequent forms of a purpose are proposed. */
const maxStreams = 20;

/** Sorts tags by purpose and stream. `left`: tags of rare forms, and of streams whose newest image no rule can keep. Pure. */
export function familiesOf(uses: readonly TagUse[]): { readonly families: readonly FoundFamily[]; readonly left: readonly string[] } {
  const all = [...groupedBy(uses, ({ family }) => `${family.purpose} ${family.patterns.join(" ")}`).values()].sort(byFrequency);
  const byPurpose = [...groupedBy(all, (stream) => stream[0]?.family.purpose)];
  const families = byPurpose.flatMap(([purpose, streams]) => {
    if (purpose === undefined) return [];
    const frequent = streams.filter(canKeepNewest).slice(0, maxStreams);
    if (frequent.length === 0) return [];
    return [
      {
        purpose,
        ...found(frequent, all),
        streams: frequent.map((stream) => ({ name: stream[0]?.family.stream ?? "", ...found([stream], all) })),
      },
    ];
  });
  const clear = new Set(families.flatMap(({ tags }) => tags));
  return { families, left: uses.map(({ tag }) => tag).filter((tag) => !clear.has(tag)) };
}

/** Pull requests and branches end; of all other streams that lose images, the newest one has to stay. */
const endless: ReadonlySet<Purpose> = new Set(["commit", "date", "build"]);

function canKeepNewest(stream: readonly TagUse[]): boolean {
  const [newest] = [...stream].sort((a, b) => a.age - b.age || Number(a.counts) - Number(b.counts));
  return newest === undefined || newest.counts || !endless.has(newest.family.purpose);
}

function byFrequency(one: readonly TagUse[], other: readonly TagUse[]): number {
  return other.length - one.length || (patternsOf(one).join() < patternsOf(other).join() ? -1 : 1);
}

function found(streams: readonly (readonly TagUse[])[], all: readonly (readonly TagUse[])[]): FoundTags {
  const newestFirst = streams.flat().sort((a, b) => a.age - b.age || (a.tag < b.tag ? -1 : 1));
  const others = all.filter((other) => !streams.includes(other));
  const excluded = others.filter((other) => streams.some((stream) => includesTagsOf(stream, other))).flatMap(wantedIn);
  return {
    patterns: [...new Set([...streams.flatMap(patternsOf).sort(), ...excluded.map((pattern) => `!${pattern}`).sort()])],
    tags: newestFirst.map(({ tag }) => tag),
    youngest: newestFirst[0]?.age ?? 0,
    oldest: newestFirst.at(-1)?.age ?? 0,
  };
}

/** Reports whether the patterns of a stream match tags of a narrower one: eight digits may be a day, and part of a commit. */
function includesTagsOf(stream: readonly TagUse[], other: readonly TagUse[]): boolean {
  if (stream[0]?.family.stream !== other[0]?.family.stream) return false;
  const [matches, matchesOther] = [tagTest(patternsOf(stream)), tagTest(patternsOf(other))];
  return other.some(({ tag }) => matches(tag)) && !stream.some(({ tag }) => matchesOther(tag));
}

function patternsOf(stream: readonly TagUse[]): readonly string[] {
  return stream[0]?.family.patterns ?? [];
}

function wantedIn(stream: readonly TagUse[]): string[] {
  return patternsOf(stream).filter((pattern) => !pattern.startsWith("!"));
}

function groupedBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
