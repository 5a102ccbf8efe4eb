import { digestPrefix, type Reasons } from "../approval/record";
import { shortDigest } from "../plan/node-names";
import { describeParts } from "../report/preview-report";

/** An image that a plan deletes, as the inputs tell of it: their reasons name age, rules and platforms. */
export interface PlannedImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Tags that it had when an earlier run recorded it. */
  readonly tagsBefore: readonly string[];
  /** `41 days`; empty where the reason tells none. */
  readonly age: string;
  /** The rules that delete it, or what else takes it. */
  readonly because: string;
  /** `linux/amd64, linux/arm64, 2 attestations`. */
  readonly platforms: string;
  readonly parts: readonly PlannedPart[];
}

export interface PlannedPart {
  readonly digest: string;
  /** `linux/arm64` */
  readonly as: string;
  /** The digest that lists it, or that it refers to. */
  readonly above: string;
}

/** Each tag to {@link digestPrefix} its version. */
export type TagMap = Readonly<Record<string, string>>;

const age = "(less than a day|1 day|[0-9]+ days) old";
const taggedImage = new RegExp(`^([^ ,]+(?:, [^ ,]+)*), ${age} \\(([a-z0-9, -]*)\\)$`);
const untaggedImage = new RegExp(`^untagged, ${age}, nothing needs it \\(([a-z0-9, -]*)\\)$`);
const part = /^(.*) of ([^ ]+(?:, [^ ]+)*)$/s;

/** The images of a plan from its reasons, youngest first, each with its parts. Pure. */
export function plannedImages(reasons: Reasons, earlierTags: readonly TagMap[] = []): PlannedImage[] {
  const images = new Map<string, { image: Omit<PlannedImage, "platforms" | "parts" | "tagsBefore">; parts: PlannedPart[] }>();
  const named = new Map<string, string>();
  const parts: PlannedPart[] = [];
  const tagged = Object.entries(reasons).filter(([, reason]) => taggedImage.test(reason));
  for (const digest of Object.keys(reasons)) named.set(shortDigest(digest), digest);
  for (const [digest, reason] of tagged) named.set(taggedImage.exec(reason)?.[1] ?? "", digest);
  for (const [digest, reason] of Object.entries(reasons)) {
    const [, names, years, rules] = taggedImage.exec(reason) ?? [undefined, undefined, ...(untaggedImage.exec(reason)?.slice(1) ?? [])];
    const [, as, above] = years === undefined ? (part.exec(reason) ?? []) : [];
    const keeper = named.get(above ?? "");
    if (as !== undefined && keeper !== undefined && keeper !== digest) parts.push({ digest, as, above: keeper });
    else images.set(digest, { image: { digest, tags: names?.split(", ") ?? [], age: years ?? "", because: rules ?? reason }, parts: [] });
  }
  const aboveOf = new Map(parts.map(({ digest, above }) => [digest, above]));
  for (const one of parts) {
    const image = images.get(imageAbove(one.above, aboveOf, images));
    if (image) image.parts.push(one);
    else images.set(one.digest, { image: { digest: one.digest, tags: [], age: "", because: reasons[one.digest] ?? "" }, parts: [] });
  }
  const before = tagsByPrefix(earlierTags);
  return [...images.values()].sort(byAge).map(({ image, parts: own }) => ({
    ...image,
    tagsBefore: (before.get(digestPrefix(image.digest)) ?? []).filter((tag) => !image.tags.includes(tag)).sort(),
    platforms: describeParts(own.map(({ as }) => as).sort()),
    parts: own,
  }));
}

/** Who writes such inputs by hand may write a circle. */
function imageAbove(start: string, aboveOf: ReadonlyMap<string, string>, images: ReadonlyMap<string, unknown>): string {
  let at = start;
  for (const seen = new Set<string>(); !images.has(at) && !seen.has(at); at = aboveOf.get(at) ?? at) seen.add(at);
  return at;
}

function tagsByPrefix(maps: readonly TagMap[]): Map<string, string[]> {
  const tags = new Map<string, string[]>();
  for (const [tag, digits] of new Map(maps.flatMap((map) => Object.entries(map).map(([tag, digits]) => [`${tag}=${digits}`, digits])))) {
    tags.set(digits, [...(tags.get(digits) ?? []), tag.slice(0, -digits.length - 1)]);
  }
  return tags;
}

interface Aged {
  readonly image: Pick<PlannedImage, "digest" | "tags" | "age">;
}

function byAge({ image: a }: Aged, { image: b }: Aged): number {
  return daysOf(a.age) - daysOf(b.age) || compare(a.tags.join(), b.tags.join()) || compare(a.digest, b.digest);
}

function daysOf(text: string): number {
  return text === "" ? Number.MAX_SAFE_INTEGER : Number.parseInt(text, 10) || 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
