const globPart = /\*|\?|\[\^?[\w.-]+\]|[\w.-]/g;
const glob = /^(?:\*|\?|\[\^?[\w.-]+\]|[\w.-])+$/;

/**
 * Whether a tag matches a list of patterns of a rule: some pattern without `!`, and none with it.
 * Doubt keeps: an invalid pattern matches nothing without `!`, and everything with it.
 */
export function tagFits(tag: string, patterns: readonly unknown[]): boolean {
  let isMatched = false;
  for (const pattern of patterns) {
    const text = String(pattern);
    if (text.startsWith("!")) {
      if (matches(tag, text.slice(1)) !== false) return false;
    } else {
      isMatched ||= matches(tag, text) === true;
    }
  }
  return isMatched;
}

/** Whether the pattern matches; `undefined` when it is invalid. */
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
