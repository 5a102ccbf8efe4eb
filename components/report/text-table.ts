const widest = 60;

/** A table in plain text: columns as wide as their content, long cells cut, the rest counted. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], max: number): string {
  const shown = [head, ...rows.slice(0, max)].map((row) => row.map(cut));
  const widths = head.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  const lines = shown.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
  if (rows.length > max) lines.push(`  … and ${rows.length - max} more: \`pulumi preview --diff\` shows every digest`);
  return lines.join("\n");
}

function cut(cell: string): string {
  return cell.length > widest ? `${cell.slice(0, widest - 1)}…` : cell;
}
