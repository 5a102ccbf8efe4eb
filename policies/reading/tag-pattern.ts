const globPart = /\*|\?|\[\^?[\w.-]+\]|[\w.-]/g;
const glob = /^(?:\*|\?|\[\^?[\w.-]+\]|[\w.-])+$/;

/**
 * Does a tag fit a list of patterns, as rules have them: some pattern without `!`, and none with it?
 * Doubt keeps: a pattern that cannot be read fits nothing without `!`, and everything with it.
 */
export function tagFits(tag: string, patterns: readonly unknown[]): boolean {
  let wanted = false;
  for (const pattern of patterns) {
    const text = String(pattern);
    if (text.startsWith("!")) {
      if (matches(tag, text.slice(1)) !== false) return false;
    } else {
      wanted ||= matches(tag, text) === true;
    }
  }
  return wanted;
}

/** `undefined`: the pattern cannot be read. */
function matches(tag: string, pattern: string): boolean | undefined {
  const expression = /^\/(.+)\/$/.exec(pattern)?.[1];
  if (expression === undefined && !glob.test(pattern)) return undefined;
  try {
    return new RegExp(expression ?? `^${pattern.replace(globPart, partOf)}$`).test(tag);
  } catch {
    return undefined;
  }
}

function partOf(part: string): string {
  if (part === "*") return ".*";
  if (part === "?") return ".";
  return part === "." ? "\\." : part;
}
