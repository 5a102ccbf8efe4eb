import { tagTest } from "../rules/tag-pattern";
import { type Family, maxPatternLength, type Purpose, streamName } from "./tag-family";
import { shapeOf, wordsOf } from "./tag-shape";

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

/** Tags that the same patterns match. */
interface TagForm extends Pick<Family, "words" | "patterns"> {
  readonly tags: readonly string[];
}

/**
 * Sorts tags by purpose and stream. `unclear`: tags of no family. `left`: tags of rare forms, and of streams whose newest image no rule can
 * keep or whose patterns match what no rule can exclude. Pure.
 */
export function familiesOf(
  uses: readonly TagUse[],
  unclear: readonly string[],
): { readonly families: readonly FoundFamily[]; readonly left: readonly string[] } {
  const all = [...groupedBy(uses, ({ family }) => `${family.purpose} ${family.patterns.join(" ")}`).values()].sort(byFrequency);
  const forms = [...all.map(formOf), ...unclearForms(unclear)];
  const tooLong = forms.filter((form) => wantedIn(form).some((pattern) => pattern.length > maxPatternLength));
  const isClear = (stream: readonly TagUse[]) => !tooLong.some((other) => includesTagsOf(formOf(stream), other));
  const byPurpose = [...groupedBy(all, (stream) => stream[0]?.family.purpose)];
  const families = byPurpose.flatMap(([purpose, streams]) => {
    if (purpose === undefined) return [];
    const frequent = streams.filter((stream) => canKeepNewest(stream) && isClear(stream)).slice(0, maxStreams);
    if (frequent.length === 0) return [];
    return [
      {
        purpose,
        ...found(frequent, forms),
        streams: frequent.map((stream) => ({
          name: stream[0] === undefined ? "" : streamName(stream[0].family),
          ...found([stream], forms),
        })),
      },
    ];
  });
  const clear = new Set(families.flatMap(({ tags }) => tags));
  return { families, left: uses.map(({ tag }) => tag).filter((tag) => !clear.has(tag)) };
}

function formOf(stream: readonly TagUse[]): TagForm {
  return { words: stream[0]?.family.words ?? "", patterns: patternsOf(stream), tags: stream.map(({ tag }) => tag) };
}

/** The forms of tags of no family that a build may have written: `1700000000-42` fits the pattern of `0123abc-42`. */
function unclearForms(tags: readonly string[]): TagForm[] {
  const shapes = tags.flatMap((tag) => {
    const shape = shapeOf(tag);
    return shape === undefined || shape.marks.length === 0 ? [] : [{ tag, shape }];
  });
  return [...groupedBy(shapes, ({ shape }) => shape.pattern)].map(([pattern, alike]) => ({
    words: alike[0] === undefined ? "" : wordsOf(alike[0].shape),
    patterns: [pattern],
    tags: alike.map(({ tag }) => tag),
  }));
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

function found(streams: readonly (readonly TagUse[])[], all: readonly TagForm[]): FoundTags {
  const newestFirst = streams.flat().sort((a, b) => a.age - b.age || (a.tag < b.tag ? -1 : 1));
  const own = streams.map(formOf);
  const wanted = new Set(own.map(({ patterns }) => patterns.join()));
  const others = all.filter(({ patterns }) => !wanted.has(patterns.join()));
  const excluded = others.filter((other) => own.some((form) => includesTagsOf(form, other))).flatMap(wantedIn);
  return {
    patterns: [...new Set([...streams.flatMap(patternsOf).sort(), ...excluded.map((pattern) => `!${pattern}`).sort()])],
    tags: newestFirst.map(({ tag }) => tag),
    youngest: newestFirst[0]?.age ?? 0,
    oldest: newestFirst.at(-1)?.age ?? 0,
  };
}

/** Reports whether the patterns of a form match tags of a narrower one: eight digits may be a day, and part of a commit. */
function includesTagsOf(form: TagForm, other: TagForm): boolean {
  if (form.words !== other.words) return false;
  const [matches, matchesOther] = [tagTest(form.patterns), tagTest(other.patterns)];
  return other.tags.some(matches) && !form.tags.some(matchesOther);
}

function patternsOf(stream: readonly TagUse[]): readonly string[] {
  return stream[0]?.family.patterns ?? [];
}

function wantedIn({ patterns }: TagForm): readonly string[] {
  return patterns.filter((pattern) => !pattern.startsWith("!"));
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
