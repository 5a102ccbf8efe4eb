import { count } from "../messages/plurals";
import { noteText } from "../report/paragraph";
import { changesSince } from "./changes";
import { elsewhere, type PictureOf, packageSection } from "./markdown-package";
import { summaryTable } from "./markdown-summary";
import { alert, clipped, code, details, fenced, plain } from "./markdown-text";
import { type Remembered, remembered } from "./previous-comment";
import type { PackageReview, Review } from "./review";

/** GitHub takes 65,536 characters. Counted in bytes, of which a text has at least as many, whatever GitHub counts. */
export const maxCommentBytes = 65_000;

/** How much is shown; each bound of a later depth is lower. */
interface Depth {
  readonly rows: number;
  readonly text: number;
  /** Rows of the table of packages. */
  readonly summary: number;
  /** Packages shown in full. */
  readonly sections: number;
  /** Further packages with the line that approves their plan. */
  readonly lines: number;
  /** Those lines, and nothing else. */
  readonly linesOnly: boolean;
  /** Further packages that are named. */
  readonly names: number;
  /** Maximum bytes of the hidden record for the next review. */
  readonly memory: number;
}

const everything: Depth = {
  rows: 1_500,
  text: 1_500,
  summary: 400,
  sections: 1_000,
  lines: 1_000,
  linesOnly: false,
  names: 1_000,
  memory: 16_000,
};

/** Cuts tables first, then whole packages; the lines that approve stay as long as they fit. */
function depths(packages: number): Depth[] {
  const found: Depth[] = [];
  for (const rows of [1_500, 700, 300, 150, 80, 40, 20, 10, 5, 3, 1, 0]) found.push({ ...everything, rows });
  const few: Depth = { ...everything, rows: 0, text: 200, summary: 100, memory: 8_000 };
  for (const sections of halves(packages)) found.push({ ...few, sections });
  const none: Depth = { ...few, sections: 0, summary: 20, memory: 2_000 };
  found.push(none);
  for (const lines of halves(packages)) found.push({ ...none, summary: 5, lines, linesOnly: true, names: 100 });
  return [...found, { ...none, lines: 0, names: 100 }, { ...none, summary: 0, lines: 0, names: 0, memory: 200 }];
}

function halves(number: number): number[] {
  return number === 0 ? [] : [number, ...halves(Math.floor(number / 2))];
}

/** What a comment has beside the review. */
export interface CommentExtras {
  /** Present where an earlier comment is compared; `undefined` where it holds no plans. */
  readonly previous?: { readonly known: Remembered | undefined };
  /** Where a package's picture is published. */
  readonly pictureOf?: PictureOf;
}

interface Parts {
  readonly pictureOf: PictureOf | undefined;
  readonly changes: readonly string[] | undefined;
  readonly memory: (max: number) => string;
}

/** Renders a pull request's comment, with the changes since an earlier one; it always fits. Pure. */
export function renderMarkdown(review: Review, { previous, pictureOf }: CommentExtras = {}): string {
  const memories = new Map<number, string>();
  const parts: Parts = {
    pictureOf,
    changes: previous && changesSince(previous.known, review),
    memory(max) {
      const memory = memories.get(max) ?? remembered(review, max);
      memories.set(max, memory);
      return memory;
    },
  };
  for (const depth of depths(review.packages.length)) {
    if (minBytes(review, depth) > maxCommentBytes) continue;
    const text = render(review, depth, parts);
    if (Buffer.byteLength(text) <= maxCommentBytes) return text;
  }
  throw new Error(`the review of the stack ${review.stack} does not fit into a comment, whatever is cut: report this as a mistake`);
}

/** Returns the minimum size at a depth, so that a text that cannot fit is not rendered. */
function minBytes({ packages }: Review, { rows, sections, text }: Depth): number {
  const sizes = packages.slice(0, sections).map(({ plans, state, alerts, notices }) => {
    const shown = plans.reduce((sum, { planned }) => sum + Math.min(rows, planned.length), 0);
    const said = [alerts.map(({ text }) => text), notices].flatMap((texts) => texts.slice(0, rows === 0 ? 1 : Math.min(rows, 20)));
    return state === "quiet" ? 0 : 20 + 30 * shown + said.reduce((sum, one) => sum + Math.min(one.trim().length, text) / 2, 0);
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Returns the marker by which a workflow finds the stack's comment. */
export function commentMarker(stack: string): string {
  return `<!-- ghcr-retention:${clipped(stack, 200).replaceAll(/[^\w./-]/g, "_")} -->`;
}

function render(review: Review, depth: Depth, { changes, memory, pictureOf }: Parts): string {
  const { packages, stack } = review;
  const telling = packages.filter(({ state }) => state !== "quiet");
  const quiet = packages.filter(({ state }) => state === "quiet");
  const rest = telling.slice(depth.sections);
  const paragraphs = [
    commentMarker(stack),
    `## ${title(review)}`,
    ...strayNotes(review, depth),
    ...summaryTable(telling, depth.summary),
    ...(changes === undefined ? [] : [bulleted("Since the last comment", changes, depth)]),
    ...organizationSections(review, depth),
    ...telling.slice(0, depth.sections).map((one) => packageSection(one, depth, pictureOf)),
    ...(rest.length === 0 ? [] : [restSection(rest, depth)]),
    ...(quiet.length === 0 ? [] : [quietSection(quiet, depth)]),
    memory(depth.memory),
  ];
  return `${paragraphs.join("\n\n")}\n`;
}

function title({ stack, packages, errors }: Review): string {
  const number = (state: PackageReview["state"]) => packages.filter((one) => one.state === state).length;
  const facts = [
    [number("failed"), "could not be reviewed"],
    [number("refused"), "with a plan that cannot be approved"],
    [number("waiting"), "with a plan that waits for approval"],
    [number("approved"), "with an approved plan"],
  ] as const;
  const wrong = errors.length === 0 ? [] : [count(errors.length, "error")];
  const said = facts.filter(([of]) => of > 0).map(([of, what]) => `${of} ${what}`);
  const all = [...wrong, ...said].join(", ") || "nothing to delete";
  return `Retention of ${code(clipped(stack, 200))}: ${count(packages.length, "package")}, ${all}`;
}

function strayNotes({ notes, errors }: Review, { text }: Depth): string[] {
  const say = (all: readonly string[]) => [
    ...all.slice(0, 5).map((one) => plain(clipped(one, text))),
    ...(all.length > 5 ? [`… and ${all.length - 5} more`] : []),
  ];
  return [...(errors.length === 0 ? [] : [alert("CAUTION", say(errors))]), ...(notes.length === 0 ? [] : [alert("NOTE", say(notes))])];
}

function bulleted(heading: string, lines: readonly string[], { text }: Depth): string {
  const max = text >= everything.text ? 20 : 5;
  const rest = lines.length - max;
  const items = lines.slice(0, max).map((line) => `- ${line.length > 2_000 ? "a package has changed more than fits here" : line}`);
  return [`**${heading}**`, "", ...items, ...(rest > 0 ? [`- … and ${rest} more`] : [])].join("\n");
}

function organizationSections({ organizations }: Review, { text }: Depth): string[] {
  const shown = organizations.slice(0, 10).map(({ name, headline, approveWith }) => {
    const all =
      approveWith === undefined || approveWith.length > 500 ? "" : `\n\nTo approve all that waits:\n\n${fenced([approveWith], "sh")}`;
    return `**${code(clipped(name, 100))}**: ${plain(clipped(headline, text))}${all}`;
  });
  const rest = organizations.length - shown.length;
  return rest > 0 ? [...shown, `… and ${count(rest, "more organisation")}: \`pulumi preview\` shows them`] : shown;
}

/** A longer line is no line of a config that somebody wrote. */
const maxLineLength = 700;

/** Packages without their details, for want of room: none of them in silence. */
function restSection(rest: readonly PackageReview[], depth: Depth): string {
  const hasLine = (one: PackageReview) => linesOf(one).length > 0;
  const waiting = rest.filter(hasLine).slice(0, depth.lines);
  const shown = depth.linesOnly ? waiting : rest.slice(0, depth.lines);
  const listed = new Set(shown);
  const others = rest.filter((one) => !listed.has(one));
  const named = others.slice(0, depth.names).map(({ name }) => code(clipped(name, 300)));
  const unnamed = others.length - named.length;
  const withoutLine = others.filter(({ plans }) => plans.some(({ state }) => state === "waiting")).length;
  const list = depth.linesOnly ? fenced(shown.flatMap(linesOf), "sh") : shown.map((one) => restLine(one, depth)).join("\n");
  return [
    `### Without details\n\nOf ${count(rest.length, "package")} the details are cut for want of room: ${elsewhere} shows them.`,
    ...(shown.length > 0 ? [list] : []),
    ...(withoutLine > 0
      ? [alert("WARNING", [`Cut as well are the lines that approve the plans of ${count(withoutLine, "package")}.`])]
      : []),
    ...(others.length > 0 ? [[...named, ...(unnamed > 0 ? [`${count(unnamed, "package")} that are not named here`] : [])].join(", ")] : []),
  ].join("\n\n");
}

function linesOf({ plans }: PackageReview): string[] {
  return plans.flatMap(({ approveWith }) => (approveWith === undefined || approveWith.length > maxLineLength ? [] : [approveWith]));
}

function restLine(one: PackageReview, { text }: Depth): string {
  const known = linesOf(one).map((line) => `: ${code(line)}`);
  const lines = one.state === "waiting" && known.length === 0 ? [": `pulumi preview` prints the line that approves it"] : known;
  return `- ${code(clipped(one.name, 300))}: ${plain(clipped(one.failure ?? one.headline, text))}${lines.join("")}`;
}

function quietSection(quiet: readonly PackageReview[], { names, text }: Depth): string {
  const few = Math.min(names, 400);
  const said = ({ headline, notes }: PackageReview) => plain(clipped([headline, ...notes.map(noteText)].join("; "), text));
  const lines = quiet.slice(0, few).map((one) => `- ${code(clipped(one.name, 300))}: ${said(one)}`);
  const rest = quiet.length - lines.length;
  const list = [...lines, ...(rest > 0 ? [`- … and ${count(rest, "more package")}`] : [])].join("\n");
  return quiet.length > 10 ? details(`${quiet.length} packages have nothing to delete`, list) : list;
}
