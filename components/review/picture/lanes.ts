import { type Family, familyOf, streamName } from "../../proposal/tag-family";
import type { PageState } from "../browser/data";

/** An image in a picture. */
export interface PicturedImage {
  /** Epoch milliseconds of GitHub's clock, from which its age counts. */
  readonly at: number;
  readonly tags: readonly string[];
  /** Its tags, or its digest. */
  readonly name: string;
  readonly state: PageState;
}

/** The images of one stream of tags. An image with tags of several streams is in the lane of each. */
export interface Lane {
  readonly name: string;
  readonly isUntagged: boolean;
  readonly images: readonly PicturedImage[];
}

/** More lanes are no longer read at a glance, so the smaller streams share one. */
const maxStreams = 8;
const others = "other tags";
const untagged = "untagged";
const moving = "moving";

/** Sorts images into lanes: the tags that move first, then releases, then the largest streams; untagged images last. Pure. */
export function lanesOf(images: readonly PicturedImage[]): Lane[] {
  const streams = new Map<string, PicturedImage[]>();
  for (const image of images) {
    for (const stream of new Set(image.tags.length === 0 ? [untagged] : image.tags.map(streamOf))) {
      const known = streams.get(stream);
      if (known) known.push(image);
      else streams.set(stream, [image]);
    }
  }
  const named = [...streams].filter(([name]) => name !== others && name !== untagged).sort(byRank);
  const small = named.slice(maxStreams).flatMap(([, all]) => all);
  const rest = [...new Set([...small, ...(streams.get(others) ?? [])])];
  const bare = streams.get(untagged) ?? [];
  return [
    ...named.slice(0, maxStreams).map(([name, all]) => laneOf(name === moving ? movingName(all) : name, all)),
    ...(rest.length > 0 ? [laneOf(others, rest)] : []),
    ...(bare.length > 0 ? [{ ...laneOf(untagged, bare), isUntagged: true }] : []),
  ];
}

function laneOf(name: string, images: readonly PicturedImage[]): Lane {
  return { name, isUntagged: false, images };
}

function streamOf(tag: string): string {
  const family = familyOf(tag);
  if (family === undefined) return others;
  return family.purpose === "moving" ? moving : nameOfStream(family);
}

function nameOfStream(family: Family): string {
  const name = streamName(family);
  return ["pull-request", "branch", "build"].includes(family.purpose) ? `${name}*` : name;
}

/** Lists the tags that move, in one lane: each of them is on one image only. */
function movingName(images: readonly PicturedImage[]): string {
  const tags = images.flatMap((image) => image.tags.filter((tag) => familyOf(tag)?.purpose === "moving"));
  return [...new Set(tags)].sort().join(", ");
}

type Stream = readonly [string, readonly PicturedImage[]];

function byRank([one, images]: Stream, [other, more]: Stream): number {
  const rank = (name: string) => [moving, "releases"].indexOf(name) >>> 0;
  return rank(one) - rank(other) || more.length - images.length || (one < other ? -1 : 1);
}
