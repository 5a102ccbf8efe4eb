import { count } from "../messages/plurals";
import { clipped, code } from "./markdown-text";
import { type PackageSummary, statusText, summaryOf } from "./package-summary";
import type { PackageReview } from "./review";

/** The table of the packages in which something happens, in the order of the review; at most so many rows. */
export function summaryTable(packages: readonly PackageReview[], rows: number): string[] {
  const shown = packages.slice(0, rows);
  const left = packages.length - shown.length;
  const note = left > 0 ? [`This table leaves out ${count(left, "package")} for want of room.`] : [];
  if (shown.length === 0) return note;
  const head = ["package", "status", "goes", "waits", "withheld", "plan"];
  const table = [head, head.map(() => "---"), ...shown.map(rowOf)];
  return [table.map((cells) => `| ${cells.join(" | ")} |`).join("\n"), ...note];
}

function rowOf(one: PackageReview): string[] {
  const summary = summaryOf(one);
  const { status, approved, withheld, plans } = summary;
  return [
    code(clipped(one.name, 200)),
    statusText(status),
    approved === 0 ? "–" : count(approved, "version"),
    waitsText(summary),
    withheld === undefined || withheld === 0 ? "–" : String(withheld),
    plans.map((id) => code(clipped(id, 100))).join(" ") || "–",
  ];
}

function waitsText({ waiting, refused, inGrace }: PackageSummary): string {
  const said = [
    ...(waiting > 0 ? [count(waiting, "version")] : []),
    ...(refused > 0 ? [`${count(refused, "version")}, which cannot go`] : []),
    ...(inGrace > 0 ? [`${inGrace} in grace`] : []),
  ];
  return said.join(", ") || "–";
}
