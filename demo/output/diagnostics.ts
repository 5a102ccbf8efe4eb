/** Returns the diagnostics of each resource by the resource's name, without indentation. */
export function diagnosticsOf(output: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let lines: string[] | undefined;
  for (const line of sectionOf(output, "Diagnostics")) {
    const name = /^ {2}\S+ \((.+)\):$/.exec(line)?.[1];
    if (name !== undefined) {
      lines = found.get(name) ?? [];
      found.set(name, lines);
    } else {
      lines?.push(line.replace(/^ {4}/, ""));
    }
  }
  return new Map([...found].map(([name, all]) => [name, withoutBlankEnd(all)]));
}

/** Returns the lines of one section of the engine's output, such as `Diagnostics:` or `Policies:`, up to the next. */
export function sectionOf(output: string, title: string): string[] {
  const lines = output.split("\n").map((line) => line.trimEnd());
  const start = lines.indexOf(`${title}:`);
  if (start < 0) return [];
  const length = lines.slice(start + 1).findIndex((line) => /^[A-Z][\w ]*:/.test(line));
  return withoutBlankEnd(lines.slice(start + 1, length < 0 ? undefined : start + 1 + length));
}

function withoutBlankEnd(lines: readonly string[]): string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}
