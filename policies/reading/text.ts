const maxTextLength = 160;
const maxLines = 10;

/** Makes a name from config or a registry safe to print: no control characters, and a limited length. */
export function printable(text: string): string {
  return shortened(text, maxTextLength);
}

export function shortened(text: string, maxLength: number): string {
  const plain = text.replace(/[^\x20-\x7e]/g, "?");
  return plain.length > maxLength ? `${plain.slice(0, maxLength)}…` : plain;
}

export function indented(lines: readonly string[]): string {
  const shown = lines.slice(0, maxLines);
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].map((line) => `  ${line}`).join("\n");
}
