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

/** A form with a purpose. */
interface FamilyForm extends TagForm {
  readonly family: Family;
  readonly uses: readonly TagUse[];
}

/**
 * Sorts tags by purpose and stream. `unclear`: tags of no family. `left`: tags of rare forms, and of streams whose newest image no rule can
 * keep or whose patterns match what no rule can exclude. Pure.
 */
export function familiesOf(
  uses: readonly TagUse[],
  unclear: readonly string[],
): { readonly families: readonly FoundFamily[]; readonly left: readonly string[] } {
  const known = familyForms(uses);
  const forms = [...known, ...unclearForms(unclear)];
  const tooLong = forms.filter((form) => wantedIn(form).some((pattern) => pattern.length > maxPatternLength));
  const isClear = (form: TagForm) => !tooLong.some((other) => includesTagsOf(form, other));
  const families = [...groupedBy(known, ({ family }) => family.purpose)].flatMap(([purpose, streams]) => {
    const frequent = streams.filter((stream) => canKeepNewest(stream) && isClear(stream)).slice(0, maxStreams);
    if (frequent.length === 0) return [];
    return [
      {
        purpose,
        ...found(frequent, forms),
        streams: frequent.map((stream) => ({ name: streamName(stream.family), ...found([stream], forms) })),
      },
    ];
  });
  const clear = new Set(families.flatMap(({ tags }) => tags));
  return { families, left: uses.map(({ tag }) => tag).filter((tag) => !clear.has(tag)) };
}

/** Returns the forms of tags that have a family, the most frequent first. */
function familyForms(uses: readonly TagUse[]): FamilyForm[] {
  const alike = groupedBy(uses, ({ family }) => `${family.purpose} ${family.patterns.join(" ")}`);
  const forms = [...alike.values()].map((uses): FamilyForm => {
    const [{ family }] = uses;
    return { ...family, family, uses, tags: uses.map(({ tag }) => tag) };
  });
  return forms.sort((one, other) => other.uses.length - one.uses.length || (one.patterns.join() < other.patterns.join() ? -1 : 1));
}

/** Returns the forms of tags of no family that a build may have written: `1700000000-42` fits the pattern of `0123abc-42`. */
function unclearForms(tags: readonly string[]): TagForm[] {
  const shapes = tags.flatMap((tag) => {
    const shape = shapeOf(tag);
    return shape === undefined || shape.marks.length === 0 ? [] : [{ tag, shape }];
  });
  return [...groupedBy(shapes, ({ shape }) => shape.pattern)].map(([pattern, alike]) => ({
    words: wordsOf(alike[0].shape),
    patterns: [pattern],
    tags: alike.map(({ tag }) => tag),
  }));
}

/** Pull requests and branches end; of all other streams that lose images, the newest one has to stay. */
const endless: ReadonlySet<Purpose> = new Set(["commit", "date", "build"]);

function canKeepNewest({ family, uses }: FamilyForm): boolean {
  const [newest] = [...uses].sort((a, b) => a.age - b.age || Number(a.counts) - Number(b.counts));
  return newest === undefined || newest.counts || !endless.has(family.purpose);
}

function found(streams: readonly FamilyForm[], all: readonly TagForm[]): FoundTags {
  const newestFirst = streams.flatMap(({ uses }) => uses).sort((a, b) => a.age - b.age || (a.tag < b.tag ? -1 : 1));
  const own = new Set<TagForm>(streams);
  const excluded = all.filter((other) => !own.has(other) && streams.some((stream) => includesTagsOf(stream, other))).flatMap(wantedIn);
  const wanted = streams.flatMap(({ patterns }) => patterns);
  return {
    patterns: [...new Set([...wanted.sort(), ...excluded.map((pattern) => `!${pattern}`).sort()])],
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

function wantedIn({ patterns }: TagForm): readonly string[] {
  return patterns.filter((pattern) => !pattern.startsWith("!"));
}

function groupedBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, [Item, ...Item[]]> {
  const groups = new Map<Key, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
