import type { Value } from "./probe";
import { isFine, type Row } from "./row";

/** A value as people read it. */
export function valueText(value: Value | undefined): string {
  if (value === undefined) return "–";
  return typeof value === "string" ? value : value ? "yes" : "no";
}

/** The rows as a table in plain text; below it, what needs attention, with GHCR's own words. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, assumed, seen, verdict }) => [name, valueText(assumed), valueText(seen), verdict]);
  const all = [["assumption", "assumed", "seen", "result"], ...cells];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...lines, "", ...rows.filter((row) => row.verdict !== "same").map(explained), "", summaryText(rows)].join("\n");
}

function explained(row: Row): string {
  const words = row.words === undefined ? "" : `\n    ${row.words}`;
  return `${row.name}: ${valueText(row.seen)}, ${valueText(row.assumed)} assumed (${row.verdict})${matchingText(row)}${words}`;
}

/** The setting of the sandbox that answers as it was seen. */
function matchingText({ verdict, switch: name, setting }: Row): string {
  if (verdict !== "different") return "";
  if (setting !== undefined) return `; the sandbox does so with \`${name}: ${JSON.stringify(setting)}\``;
  if (name !== undefined) return `; no setting of the sandbox's switch \`${name}\` matches`;
  return "; the sandbox has no switch for it";
}

/** Counts the rows in one sentence. */
export function summaryText(rows: readonly Row[]): string {
  const count = (verdict: Row["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  const counts = `${count("same")} of ${rows.length} as assumed, ${count("different")} different, ${count("failed")} failed`;
  return `${counts}, ${count("not observable")} not observable${rows.every(isFine) ? "" : ": see above"}`;
}

/** The same in a cell of a Markdown table. */
export function resultCell(row: Row): string {
  const text = `${row.verdict}${matchingText(row)}${row.words === undefined ? "" : `: ${row.words}`}`;
  return text.replaceAll("|", "\\|");
}
