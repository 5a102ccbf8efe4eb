const mark = "# yaml-language-server:";

/** Adds a first line that names the config's JSON Schema to editors, unless the text names one. Pure. */
export function withSchemaLine(text: string, schema: string): string {
  if (text.split(/\r?\n/).some((line) => line.startsWith(mark))) return text;
  const [, byteOrderMark = "", rest = text] = /^(\uFEFF?)([\s\S]*)$/.exec(text) ?? [];
  return `${byteOrderMark}${mark} $schema=${schema}${text.includes("\r\n") ? "\r\n" : "\n"}${rest}`;
}
