import type { StoredReasons } from "../lifecycle/state/stored-reasons";
import { shortDigest } from "../plan/node-names";
import { type ImageWithParts, type PlannedImage, type PlannedPart, type TagMap, withHistory } from "./planned-images";

const age = "(less than a day|1 day|[0-9]+ days) old";
const taggedImage = new RegExp(`^([^ ,]+(?:, [^ ,]+)*), ${age} \\(([a-z0-9, -]*)\\)$`);
const untaggedImage = new RegExp(
  `^(untagged(?: since [0-9-]+ at the earliest(?:, was [^ ]+)?)?), ${age}, nothing needs it \\(([a-z0-9, -]*)\\)$`,
);
const part = /^(.*) of ([^ ]+(?:, [^ ]+)*)$/s;

/** What else is known of tags. */
interface KnownTags {
  readonly earlierTags?: readonly TagMap[];
  /** Tags that the preview calls moving. */
  readonly moving?: readonly string[];
}

/** Reads the images of a plan from the texts of its reasons, youngest first. Pure. */
export function parseImages(reasons: StoredReasons, { earlierTags = [], moving = [] }: KnownTags = {}): PlannedImage[] {
  const images = new Map<string, { image: Omit<ImageWithParts, "parts">; parts: PlannedPart[] }>();
  const named = new Map<string, string>();
  const parts: PlannedPart[] = [];
  const tagged = Object.entries(reasons).filter(([, reason]) => taggedImage.test(reason));
  for (const digest of Object.keys(reasons)) named.set(shortDigest(digest), digest);
  for (const [digest, reason] of tagged) named.set(taggedImage.exec(reason)?.[1] ?? "", digest);
  for (const [digest, reason] of Object.entries(reasons)) {
    const [names, years, rules] = taggedImage.exec(reason)?.slice(1) ?? untaggedIn(reason);
    const [, as, above] = years === undefined ? (part.exec(reason) ?? []) : [];
    const keeper = named.get(above ?? "");
    if (as !== undefined && keeper !== undefined && keeper !== digest) parts.push({ digest, as, above: keeper });
    else images.set(digest, { image: imageOf({ digest, names, years, because: rules ?? reason }, moving), parts: [] });
  }
  const aboveOf = new Map(parts.map(({ digest, above }) => [digest, above]));
  for (const one of parts) {
    const image = images.get(imageAbove(one.above, aboveOf, images));
    if (image) image.parts.push(one);
    else images.set(one.digest, { image: imageOf({ digest: one.digest, because: reasons[one.digest] ?? "" }), parts: [] });
  }
  const found = [...images.values()].map(({ image, parts: own }) => ({ ...image, parts: own }));
  return withHistory(found, earlierTags);
}

/** Returns no names, the age and the rules, with what the reason says of a tag that the image had. */
function untaggedIn(reason: string): (string | undefined)[] {
  const [, since = "untagged", years, rules] = untaggedImage.exec(reason) ?? [];
  return [undefined, years, since === "untagged" ? rules : `${rules}; ${since}`];
}

interface ParsedImage {
  readonly digest: string;
  readonly names?: string | undefined;
  /** `41 days`. */
  readonly years?: string | undefined;
  readonly because: string;
}

function imageOf({ digest, names, years = "", because }: ParsedImage, moving: readonly string[] = []): Omit<ImageWithParts, "parts"> {
  const tags = names?.split(", ") ?? [];
  const age = years === "" ? {} : { days: Number.parseInt(years, 10) || 0 };
  return { digest, tags, moving: tags.filter((tag) => moving.includes(tag)), age: years, ...age, because };
}

/** Inputs written by hand may hold a circle. */
function imageAbove(start: string, aboveOf: ReadonlyMap<string, string>, images: ReadonlyMap<string, unknown>): string {
  let at = start;
  for (const seen = new Set<string>(); !images.has(at) && !seen.has(at); at = aboveOf.get(at) ?? at) seen.add(at);
  return at;
}
