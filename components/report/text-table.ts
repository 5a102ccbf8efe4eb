const widest = 60;

/** A table in plain text: columns as wide as their content, long cells in several lines, the rows over `max` left out. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], max: number): string {
  const shown = [head, ...rows.slice(0, max)].map((row) => row.map((cell) => wrap(cell, widest)));
  const widths = head.map((_, column) => Math.max(...shown.flatMap((row) => (row[column] ?? []).map(({ length }) => length))));
  const lines = shown.flatMap((row) =>
    Array.from({ length: Math.max(...row.map(({ length }) => length)) }, (_, line) =>
      `  ${row.map((cell, column) => (cell[line] ?? "").padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
    ),
  );
  if (rows.length > max) lines.push(`  … and ${rows.length - max} more: \`pulumi preview --diff\` shows every digest`);
  return lines.join("\n");
}

/** Breaks a text at blanks into lines of at most `width` characters, and a word that is longer wherever the line ends. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = word.match(new RegExp(`.{1,${width}}`, "gs")) ?? [""];
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return [...lines, line];
}
