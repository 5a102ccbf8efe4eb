import { firstOf } from "../../messages/plurals";
import { dayOf } from "../../plan/plan-id";
import type { PageState } from "../browser/data";
import type { Lane, PicturedImage } from "./lanes";
import { element, text } from "./svg";
import { stateOrder, totalText } from "./timeline";

/** Images of one lane and state that are too near each other to be told apart. */
export interface Mark {
  readonly state: PageState;
  /** Pixels. */
  readonly x: number;
  readonly images: readonly PicturedImage[];
}

/** A row of a lane: the images in one state. */
export interface Row {
  readonly state: PageState;
  readonly marks: readonly Mark[];
}

/** Room for a mark, and for the number below it. */
export const bucketWidth = 22;
const maxNames = 8;

/** Returns a lane's rows; images within the same pixels are one mark with a number, so that thousands stay light. */
export function rowsOf({ images }: Lane, x: (at: number) => number): Row[] {
  return stateOrder.flatMap((state) => {
    const buckets = new Map<number, PicturedImage[]>();
    for (const image of images) {
      if (image.state !== state) continue;
      const bucket = Math.floor(x(image.at) / bucketWidth);
      const known = buckets.get(bucket);
      if (known) known.push(image);
      else buckets.set(bucket, [image]);
    }
    // In the middle of what they share, so that a mark is on the side of a bound on which its images are.
    const middle = (found: readonly PicturedImage[]) => found.reduce((sum, { at }) => sum + x(at), 0) / found.length;
    const marks = [...buckets].sort(([a], [b]) => a - b).map(([, found]) => ({ state, x: middle(found), images: found }));
    return marks.length === 0 ? [] : [{ state, marks }];
  });
}

/** The height of a row in pixels. */
export function rowHeight({ marks }: Row): number {
  return marks.some(({ images }) => images.length > 1) ? 29 : 19;
}

/** Draws a mark; its title is for a pointer that rests on it, which a phone does not have. */
export function drawMark({ state, x, images }: Mark, y: number, isTitled: boolean): string {
  return element(
    "g",
    { class: `mark ${state}`, transform: `translate(${Math.round(x * 10) / 10} ${y})` },
    ...(isTitled ? [element("title", {}, text(titleOf({ state, images })))] : []),
    shapeOf(state),
    ...(images.length > 1 ? [element("text", { y: 17, class: "number" }, text(String(images.length)))] : []),
  );
}

function titleOf({ state, images }: Pick<Mark, "state" | "images">): string {
  const [first] = images;
  const times = images.map(({ at }) => at);
  const [from, to] = [dayOf(times.reduce((a, b) => Math.min(a, b))), dayOf(times.reduce((a, b) => Math.max(a, b)))];
  const days = from === to ? from : `${from} to ${to}`;
  const what =
    images.length === 1 ? `${first?.name}: ${totalText([state, 1]).slice(2)}` : `${totalText([state, images.length])}: ${names(images)}`;
  return `${what} (${days})`;
}

function names(images: readonly PicturedImage[]): string {
  return firstOf(
    images.map(({ name }) => name),
    maxNames,
  );
}

/** Each state has a shape of its own, since not everybody tells the colours apart. */
export function shapeOf(state: PageState): string {
  switch (state) {
    case "approved":
      return element("path", { d: "M-4.5-4.5L4.5 4.5M4.5-4.5L-4.5 4.5" });
    case "waiting":
      return element("path", { d: "M-5.5-4.5H5.5L0 5.5Z" });
    case "refused":
      return element("path", { d: "M5 0A5 5 0 1 1-5 0A5 5 0 1 1 5 0ZM-3.5 3.5L3.5-3.5" });
    case "grace":
      return element("path", { d: "M0-6L6 0L0 6L-6 0Z" });
    case "withheld":
      return element("rect", { x: -4.5, y: -4.5, width: 9, height: 9 });
    case "stays":
      return element("circle", { r: 4.5 });
  }
}
