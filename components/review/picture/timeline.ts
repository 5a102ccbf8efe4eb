import { count } from "../../messages/plurals";
import { dayOf } from "../../plan/plan-id";
import { day } from "../../rules/duration";
import type { PageState } from "../browser/data";
import { type Bound, type BoundedBy, boundsOf } from "./bounds";
import { type Lane, lanesOf, type PicturedImage } from "./lanes";

/** The images of a package over time, as a picture shows them. */
export interface Timeline {
  /** `owner/name`. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly Lane[];
  readonly bounds: readonly Bound[];
  /** The states that there are, with the number of images in each. */
  readonly totals: readonly (readonly [PageState, number])[];
  /** What the picture shows, in words. */
  readonly description: string;
}

export interface Pictured extends BoundedBy {
  readonly name: string;
  readonly images: readonly PicturedImage[];
  /** A saved preview holds no images that stay. */
  readonly isPartial: boolean;
}

/** The order of rows and of the legend: what leaves first. */
export const stateOrder: readonly PageState[] = ["approved", "waiting", "refused", "grace", "withheld", "stays"];

const said: Readonly<Record<PageState, readonly [string, string]>> = {
  approved: ["goes", "go"],
  waiting: ["waits for approval", "wait for approval"],
  refused: ["cannot go", "cannot go"],
  grace: ["in grace", "in grace"],
  withheld: ["withheld", "withheld"],
  stays: ["stays", "stay"],
};

/** Writes how many images are in a state. */
export function totalText([state, number]: readonly [PageState, number]): string {
  return `${number} ${said[state][number === 1 ? 0 : 1]}`;
}

/** Returns the timeline of a package's images; `undefined` where there are none. Pure. */
export function timelineOf({ name, images, isPartial, ...rules }: Pictured): Timeline | undefined {
  if (images.length === 0) return undefined;
  const lanes = lanesOf(images);
  const oldest = images.reduce((least, { at }) => Math.min(least, at), rules.asOf);
  const to = Math.max(
    images.reduce((most, { at }) => Math.max(most, at), 0),
    rules.asOf,
  );
  const all = boundsOf(lanes, rules);
  // A bound far before the oldest image would leave no room for the images.
  const near = all.filter(({ at }) => to - at <= 2 * Math.max(to - oldest, day));
  const earliest = near.reduce((least, { at }) => Math.min(least, at), oldest);
  const margin = Math.max((to - earliest) * 0.03, day / 2);
  const counts = new Map<PageState, number>();
  for (const { state } of images) counts.set(state, (counts.get(state) ?? 0) + 1);
  const totals = stateOrder.flatMap((state) => (counts.has(state) ? [[state, counts.get(state) ?? 0] as const] : []));
  const description = [
    `${count(images.length, "image")} from ${dayOf(oldest)} to ${dayOf(to)}: ${totals.map(totalText).join(", ")}.`,
    ...(isPartial ? ["The images that stay are not in a saved preview."] : []),
    ...(all.length > 0 ? [`Rules: ${all.map(({ text }) => text).join("; ")}.`] : []),
  ].join(" ");
  return { name, from: earliest - margin, to: to + margin, lanes, bounds: near, totals, description };
}
