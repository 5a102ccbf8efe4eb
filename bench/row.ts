/** One line of the table: what was measured, what it is held against, and how many times that it may be. */
export interface Row {
  readonly work: string;
  readonly measured: number;
  readonly bound: number;
  readonly unit: "requests" | "ms" | "MB" | "bytes" | "a minute" | "exponent" | "manifests" | "a second";
  /** Measured divided by bound may be at most this. */
  readonly goal: number;
  /** What the bound is. */
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
    `${inWords(measured)} ${unit}`,
    `${inWords(bound)} (${of})`,
    digits(ratioOf(row)),
    `≤ ${digits(goal)}`,
    isMet(row) ? "met" : "MISSED",
  ];
}

function inWords(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : digits(value);
}

function digits(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Aligned columns, for a terminal. */
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
