import type { Bound } from "./bounds";
import { bucketWidth, drawMark, type Row, rowHeight, rowsOf, shapeOf } from "./marks";
import { paletteStyle } from "./palette";
import { element, text } from "./svg";
import { ticksBetween } from "./ticks";
import { type Timeline, totalText } from "./timeline";

/** What the elements of a picture look like; the colours are those of `palette.ts`. */
export const pictureStyle = `
.picture text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.picture .soft { fill: var(--soft); }
.picture .number { font-size: 10px; fill: var(--ink); text-anchor: middle; stroke: var(--card); stroke-width: 3; paint-order: stroke; }
.picture .lane { fill: var(--card); }
.picture .tick { stroke: var(--line); }
.picture .bound { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
.picture .leader { stroke: var(--soft); opacity: .45; }
.picture .mark { fill: none; stroke-width: 2; }
.picture .approved { stroke: var(--goes); stroke-width: 2.75; }
.picture .waiting { stroke: var(--waits); }
.picture .refused, .picture .grace { stroke: var(--holds); }
.picture .withheld { fill: var(--holds); }
.picture .stays { fill: var(--stays); }
`;

/** The room of a picture in pixels: beside a text, and on a phone. */
export const widths = { wide: 860, narrow: 310 } as const;
export type Width = keyof typeof widths;

const labelWidth = 130;
const lineHeight = 16;
const lanePadding = 7;
/** Of a character, as a mean of fonts. */
const characterWidth = 6.6;
const maxBounds = 8;

/** Draws a timeline as a file of its own. Pure. */
export function pictureFile(timeline: Timeline): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${draw(timeline, "wide", "picture", paletteStyle + pictureStyle)}\n`;
}

/** Draws a timeline for a page that has the style and gives it a name of its own. Pure. */
export function pictureElement(timeline: Timeline, width: Width, id: string): string {
  return draw(timeline, width, id, "");
}

function draw(timeline: Timeline, width: Width, id: string, style: string): string {
  const frame = frameOf(timeline, width);
  const content = [drawBoundTexts(timeline, frame), drawLanes(timeline, frame), drawAxis(timeline, frame), drawLegend(timeline, frame)];
  const height = content.at(-1)?.bottom ?? 0;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: `picture ${width}`,
      viewBox: `0 0 ${widths[width]} ${height}`,
      width: widths[width],
      height,
      role: "img",
      "aria-labelledby": `${id}-title ${id}-desc`,
    },
    element("title", { id: `${id}-title` }, text(`The images of ${timeline.name} over time`)),
    element("desc", { id: `${id}-desc` }, text(timeline.description)),
    ...(style === "" ? [] : [element("style", {}, style), element("rect", { width: "100%", height: "100%", fill: "var(--paper)" })]),
    ...content.flatMap(({ elements }) => elements),
  );
}

/** Where everything of a picture is, from top to bottom in pixels. */
interface Frame {
  readonly width: number;
  readonly left: number;
  readonly isNarrow: boolean;
  readonly x: (at: number) => number;
  readonly bounds: readonly Bound[];
  readonly lanes: readonly PlacedLane[];
  readonly lanesTop: number;
  readonly axis: number;
}

interface PlacedLane {
  readonly name: string;
  readonly top: number;
  readonly bottom: number;
  readonly rows: readonly Row[];
}

interface Drawn {
  readonly elements: readonly string[];
  readonly bottom: number;
}

function frameOf({ from, to, lanes, bounds }: Timeline, kind: Width): Frame {
  const width = widths[kind];
  const isNarrow = kind === "narrow";
  const left = isNarrow ? 0 : labelWidth;
  const margin = bucketWidth / 2;
  const x = (at: number) => left + margin + ((at - from) / (to - from)) * (width - left - 2 * margin);
  const shown = bounds.slice(0, maxBounds);
  const lanesTop = shown.length * lineHeight + (bounds.length > maxBounds ? lineHeight : 0) + 6;
  let top = lanesTop;
  const placed = lanes.map((lane): PlacedLane => {
    const rows = rowsOf(lane, x);
    const height = rows.reduce((sum, row) => sum + rowHeight(row), 0) + lanePadding + (isNarrow ? lineHeight : 0);
    const bottom = top + height;
    const found = { name: lane.name, top, bottom, rows };
    top = bottom + 3;
    return found;
  });
  return { width, left, isNarrow, x, bounds: shown, lanes: placed, lanesTop, axis: top };
}

function drawBoundTexts({ bounds: all }: Timeline, { width, left, x, bounds }: Frame): Drawn {
  const texts = bounds.map((bound, row) => {
    const at = x(bound.at);
    const y = (row + 1) * lineHeight - 4;
    const size = bound.text.length * characterWidth;
    const isRight = at + 5 + size <= width;
    const shown = fitted(bound.text, isRight || at - left > size ? width : Math.max(at - left, width - at));
    const anchor = isRight || width - at > at - left ? "start" : "end";
    return element("text", { class: "rule", x: anchor === "start" ? at + 5 : at - 5, y, "text-anchor": anchor }, text(shown));
  });
  const rest = all.length - bounds.length;
  const more = element(
    "text",
    { class: "soft", x: left, y: (bounds.length + 1) * lineHeight - 4 },
    text(`… and ${rest} more bounds of rules`),
  );
  return { elements: rest > 0 ? [...texts, more] : texts, bottom: 0 };
}

function drawLanes({ bounds: all }: Timeline, { width, left, isNarrow, x, lanes, bounds, axis, lanesTop }: Frame): Drawn {
  const grounds = lanes.flatMap(({ name, top, bottom }) => [
    element("rect", { class: "lane", x: left, y: top, width: width - left, height: bottom - top, rx: 3 }),
    element(
      "text",
      isNarrow ? { class: "soft", x: 5, y: top + 13 } : { class: "soft", x: left - 8, y: top + 16, "text-anchor": "end" },
      element("title", {}, text(name)),
      text(fitted(name, isNarrow ? width : labelWidth - 8)),
    ),
  ]);
  const lines = bounds.flatMap((bound, row) => {
    const at = x(bound.at);
    const judged = bound.lanes.flatMap((place) => lanes[place] ?? []);
    return [
      element("line", { class: "leader", x1: at, x2: at, y1: row * lineHeight + 4, y2: judged.at(-1)?.bottom ?? axis }),
      ...judged.map(({ top, bottom }) => element("line", { class: "bound", x1: at, x2: at, y1: top, y2: bottom })),
    ];
  });
  const marks = lanes.flatMap(({ top, rows }) => {
    let y = top + lanePadding / 2 + 9 + (isNarrow ? lineHeight : 0);
    return rows.flatMap((row) => {
      const drawn = row.marks.map((mark) => drawMark(mark, y, !isNarrow));
      y += rowHeight(row);
      return drawn;
    });
  });
  return { elements: [...grounds, ...(all.length > 0 ? lines : []), ...marks], bottom: Math.max(lanesTop, axis) };
}

function drawAxis({ from, to }: Timeline, { width, left, isNarrow, x, axis }: Frame): Drawn {
  const half = 5 * characterWidth;
  const elements = ticksBetween(from, to, isNarrow ? 4 : 9).flatMap((tick) => {
    const at = x(tick.at);
    const place = Math.min(Math.max(at, left + half), width - half);
    return [
      element("line", { class: "tick", x1: at, x2: at, y1: axis, y2: axis + 4 }),
      element("text", { class: "soft", x: place, y: axis + 16, "text-anchor": "middle" }, text(tick.text)),
    ];
  });
  return { elements, bottom: axis + 20 };
}

function drawLegend({ totals }: Timeline, { width, left, axis }: Frame): Drawn {
  let at = left + 8;
  let y = axis + 36;
  const elements = totals.flatMap((total) => {
    const [state] = total;
    const said = totalText(total);
    const size = 14 + said.length * characterWidth + 14;
    if (at + size > width && at > left + 8) {
      at = left + 8;
      y += 20;
    }
    const drawn = [
      element("g", { class: `mark ${state}`, transform: `translate(${Math.round(at)} ${y})` }, shapeOf(state)),
      element("text", { x: at + 11, y: y + 4 }, text(said)),
    ];
    at += size;
    return drawn;
  });
  return { elements, bottom: y + 12 };
}

/** Cuts a text to what about fits. */
function fitted(of: string, width: number): string {
  const max = Math.max(4, Math.floor(width / characterWidth));
  return of.length <= max ? of : `${of.slice(0, max - 1)}…`;
}
