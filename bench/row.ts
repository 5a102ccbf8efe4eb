/** One line of the table: a measurement, the bound that it is compared with, and the maximum ratio of the two. */
export interface Row {
  readonly work: string;
  readonly measured: number;
  readonly bound: number;
  readonly unit: "requests" | "ms" | "MB" | "bytes" | "a minute" | "exponent" | "manifests" | "a second";
  /** Maximum of measured divided by bound. */
  readonly goal: number;
  /** Describes the bound. */
  readonly of: string;
  readonly remark?: string;
}

export function ratioOf({ measured, bound }: Row): number {
  return bound === 0 ? (measured === 0 ? 0 : Number.POSITIVE_INFINITY) : measured / bound;
}

export function isMet(row: Row): boolean {
  return ratioOf(row) <= row.goal;
}

export const columns = ["work", "measured", "bound", "ratio", "goal", ""] as const;

export function cellsOf(row: Row): string[] {
  const { work, measured, bound, unit, goal, of } = row;
  return [
    work,
    `${formatted(measured)} ${unit}`,
    `${formatted(bound)} (${of})`,
    digits(ratioOf(row)),
    `≤ ${digits(goal)}`,
    isMet(row) ? "met" : "MISSED",
  ];
}

function formatted(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : digits(value);
}

function digits(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Renders aligned columns for a terminal. */
export function renderRows(rows: readonly Row[]): string {
  const lines = [columns as readonly string[], ...rows.map(cellsOf)];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const remarks = rows.flatMap(({ work, remark }) => (remark === undefined ? [] : [`${work}: ${remark}`]));
  return [...table, "", ...remarks].join("\n");
}
