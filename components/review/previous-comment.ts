import { z } from "zod";
import { digestPrefix } from "../approval/record";
import type { PackageReview, Review } from "./review";

const RememberedPackage = z.object({
  /** By id: plans that wait, are approved, or cannot be. */
  plans: z.record(z.string().max(200), z.string().max(20)),
  /** The beginnings of the digests of images to be deleted; absent where there was no room. */
  images: z.array(z.string().max(16)).optional(),
  /** The tags of those images, each to the beginning of its digest. */
  tags: z.record(z.string().max(200), z.string().max(16)).optional(),
});

const Remembered = z.object({
  packages: z.record(z.string(), RememberedPackage),
  /** Packages left out, since there was no room. */
  more: z.int().default(0),
});
export type Remembered = z.output<typeof Remembered>;

const prefixLength = 12;
const open = "<!-- ghcr-retention-plans ";
const close = " -->";

export function imagePrefix(digest: string): string {
  return digestPrefix(digest).slice(0, prefixLength);
}

/** Renders the hidden record that the next review compares with, in at most `max` bytes. */
export function remembered({ packages }: Review, max: number): string {
  const known = packages.filter(({ failure }) => failure === undefined).map(memoryOf);
  const withoutTags = known.map(([name, { tags: _tags, ...rest }]): [string, Remembered["packages"][string]] => [name, rest]);
  for (const all of [known, withoutTags]) {
    const whole = write(all, 0);
    if (Buffer.byteLength(whole) <= max) return whole;
  }
  const short = known.map(([name, { plans }]): [string, Remembered["packages"][string]] => [name, { plans }]);
  for (let count = short.length; count > 0; count = Math.floor(count / 2)) {
    const text = write(short.slice(0, count), short.length - count);
    if (Buffer.byteLength(text) <= max) return text;
  }
  return write([], short.length);
}

function memoryOf({ name, plans }: PackageReview): [string, Remembered["packages"][string]] {
  const planned = plans.flatMap((plan) => plan.planned);
  const images = planned.map(({ digest }) => imagePrefix(digest)).sort();
  const tags = planned.flatMap((image) => image.tags.map((tag) => [tag, imagePrefix(image.digest)] as const)).sort();
  // A preview that lists no images of a plan knows none of them.
  const isKnown = plans.every((plan) => plan.planned.length > 0);
  const known = isKnown ? { images, ...(tags.length > 0 ? { tags: Object.fromEntries(tags) } : {}) } : {};
  return [name, { plans: Object.fromEntries(plans.map(({ id, state }) => [id, state])), ...known }];
}

function write(packages: readonly [string, Remembered["packages"][string]][], more: number): string {
  // Nothing in it may end the comment.
  const json = JSON.stringify({ packages: Object.fromEntries(packages), ...(more > 0 ? { more } : {}) } satisfies Partial<Remembered>);
  return open + json.replaceAll(/[<>&]|-(?=-)/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`) + close;
}

/** Reads the hidden record of an earlier comment. Anybody may have edited it, so a record that cannot be parsed is ignored. */
export function recall(comment: string): Remembered | undefined {
  const from = comment.lastIndexOf(open);
  const to = comment.indexOf(close, from);
  if (from < 0 || to < 0) return undefined;
  try {
    const parsed = Remembered.safeParse(JSON.parse(comment.slice(from + open.length, to)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
