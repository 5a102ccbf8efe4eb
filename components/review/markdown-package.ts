import { count } from "../messages/plurals";
import { shortDigest } from "../plan/node-names";
import { type Block, noteText } from "../report/paragraph";
import type { PlanReview } from "./finding";
import { alert, clipped, code, details, fenced, plain } from "./markdown-text";
import type { PlannedImage } from "./planned-images";
import type { PackageReview } from "./review";

/** How much is shown of a package. */
export interface PackageDepth {
  /** Rows of a table, lines of a list. */
  readonly rows: number;
  /** Characters of a sentence. */
  readonly text: number;
}

/** The command that shows everything. */
export const elsewhere = "`pulumi preview --diff`";

const rowsWithoutDetails = 0;

/** Returns the URL of a package's picture; `undefined` where it has none. */
export type PictureOf = (one: PackageReview) => string | undefined;

/** A package with its plans, alerts and tables. */
export function packageSection(one: PackageReview, depth: PackageDepth, pictureOf: PictureOf = () => undefined): string {
  const picture = pictureOf(one);
  const { name, plans, alerts, notices, notes, blocks, failure, headline, state } = one;
  const say = (text: string) => plain(clipped(text, depth.text));
  return [
    `### ${code(name)}`,
    ...(picture === undefined ? [] : [`![The images of ${plain(name)} over time](${picture})`]),
    ...(failure === undefined ? [] : [alert("CAUTION", [`Not reviewed, so nothing of it is deleted: ${say(failure)}`])]),
    ...(plans.length === 0 && state !== "failed" ? [say(headline)] : []),
    ...plans.flatMap((plan) => planSection(plan, depth)),
    ...alertOf(
      "WARNING",
      someOf(
        alerts.map(({ text }) => text),
        depth,
      ).map(say),
    ),
    ...alertOf("IMPORTANT", someOf(notices, depth).map(say)),
    ...someOf(notes, depth).map((text) => say(noteText(text))),
    ...blocks.map((block) => blockSection(block, depth)),
  ].join("\n\n");
}

function alertOf(kind: "WARNING" | "IMPORTANT", lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [alert(kind, lines.length === 1 ? lines : lines.map((line) => `- ${line}`))];
}

function someOf(texts: readonly string[], { rows }: PackageDepth): string[] {
  const max = Math.max(1, Math.min(rows, 20));
  if (texts.length <= max) return [...texts];
  return [...texts.slice(0, max), `… and ${texts.length - max} more of this kind: \`pulumi preview\` shows all`];
}

function planSection(plan: PlanReview, depth: PackageDepth): string[] {
  const { id, deletes, total, images, keeps, withheld, state, text, approveWith, undoWith = [], storage } = plan;
  const heads = { waiting: "waits for approval", approved: "is approved", refused: "cannot be approved" } as const;
  return [
    `**Plan ${code(id)} ${heads[state]}**: ${state === "refused" ? "it would delete" : "delete"} ${deletes} of ${total} versions (${count(images, "image")}), keep ${keeps}, ${withheld} withheld.${storage === undefined ? "" : ` It ${plain(storage)}.`}`,
    ...(state === "refused"
      ? [alert("CAUTION", [plain(clipped(text, depth.text))])]
      : [
          ...(text === "" ? [] : [plain(clipped(text, depth.text))]),
          ...(state === "waiting" ? [approval(approveWith)] : []),
          undo(undoWith),
        ]),
    imagesSection(plan, depth),
  ].filter((paragraph) => paragraph !== "");
}

function approval(line: string | undefined): string {
  if (line === undefined) return "`pulumi preview` prints the line that approves exactly this.";
  return `To approve exactly this:\n\n${fenced([line], "sh")}`;
}

function undo(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `To undo it within 30 days: ${lines.map(code).join(", ")} and \`pulumi up\`.`;
}

function imagesSection({ planned, deletes }: PlanReview, { rows }: PackageDepth): string {
  if (planned.length === 0) return "";
  const summary = `${count(planned.length, "image")}, ${count(deletes, "version")}`;
  const left = planned.length - rows;
  const note = left > 0 ? `${count(left, "row")} of ${planned.length} cut for want of room: ${elsewhere} shows every digest.` : "";
  if (rows === rowsWithoutDetails) return note;
  const withHistory = planned.some(({ tagsBefore }) => tagsBefore.length > 0);
  const head = ["image", ...(withHistory ? ["had been tagged"] : []), "age", "platforms", "versions", "deleted by"];
  const table = [head, head.map(() => "---"), ...planned.slice(0, rows).map((image) => row(image, withHistory))];
  return details(summary, [table.map((cells) => `| ${cells.join(" | ")} |`).join("\n"), note].filter(Boolean).join("\n\n"));
}

function row({ digest, tags, moving, kind, tagsBefore, age, platforms, parts, because }: PlannedImage, withHistory: boolean): string[] {
  return [
    [
      tags.length > 0
        ? tags.map((tag) => `${code(clipped(tag, 128))}${moving.includes(tag) ? " (moves)" : ""}`).join(" ")
        : `${code(shortDigest(digest))} untagged`,
      kind ?? "",
    ]
      .filter(Boolean)
      .join(" "),
    ...(withHistory
      ? [
          tagsBefore
            .slice(0, 5)
            .map((tag) => code(clipped(tag, 128)))
            .join(" ") || "–",
        ]
      : []),
    age || "–",
    platforms === "–" ? "no parts" : code(clipped(platforms, 120)),
    String(1 + parts.length),
    code(clipped(because, 120)),
  ];
}

function blockSection({ title, lines }: Block, { rows, text }: PackageDepth): string {
  const summary = clipped(title.replace(/[:.]$/, ""), text);
  const cut = lines.length - rows;
  if (rows === rowsWithoutDetails) return `${plain(summary)}: cut for want of room, ${elsewhere} shows it.`;
  const shown = [...lines.slice(0, rows), ...(cut > 0 ? [`… and ${cut} more lines: pulumi preview shows them`] : [])];
  return details(summary, fenced(shown.map((line) => clipped(line, 200))));
}
