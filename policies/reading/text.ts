const textMaximum = 160;
const linesMaximum = 10;

/** Names come from config and registries: no control characters reach a terminal, and no end of text. */
export function printable(text: string): string {
  return shortened(text, textMaximum);
}

export function shortened(text: string, maximum: number): string {
  const plain = text.replace(/[^\x20-\x7e]/g, "?");
  return plain.length > maximum ? `${plain.slice(0, maximum)}…` : plain;
}

export function indented(lines: readonly string[]): string {
  const shown = lines.slice(0, linesMaximum);
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].map((line) => `  ${line}`).join("\n");
}
