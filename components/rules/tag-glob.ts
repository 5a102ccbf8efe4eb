/** `*`: any characters, or none. */
const run = "run";

/** What a glob asks of the next character of a tag. */
type Token = typeof run | ((character: string) => boolean);

/** A class such as `[a-c_]` or `[^0-9]`, a wildcard, or one character that tags may hold. */
const part = /\*|\?|\[(\^?)([\w.-]+)\]|[\w.-]/y;

const classItem = /(.)-(.)|(.)/g;

/** Compiles globs to one test: does any of them match this tag? Every glob must be one that {@link isTagGlob} accepts. */
export function anyTagGlob(globs: readonly string[]): (tag: string) => boolean {
  const compiled = globs.map((glob) => {
    const tokens = parse(glob);
    if (tokens === undefined) throw new Error(`"${glob}" is no glob over tags`);
    return tokens;
  });
  return (tag) => compiled.some((tokens) => matches(tokens, tag));
}

/** Is this a glob over tags, every part of which can match something? A glob that cannot would keep nothing in silence. */
export function isTagGlob(glob: string): boolean {
  return parse(glob) !== undefined;
}

function parse(glob: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < glob.length; at = part.lastIndex) {
    part.lastIndex = at;
    const match = part.exec(glob);
    const token = match && tokenOf(match);
    if (!token) return undefined;
    tokens.push(token);
  }
  return tokens.length > 0 ? tokens : undefined;
}

function tokenOf([text, negation, items]: RegExpExecArray): Token | undefined {
  if (text === "*") return run;
  if (text === "?") return () => true;
  if (items === undefined) return (character) => character === text;
  const ranges = [...items.matchAll(classItem)].map(([, from, to, single = ""]) => ({ from: from ?? single, to: to ?? single }));
  if (ranges.some(({ from, to }) => from > to)) return undefined;
  return (character) => ranges.some(({ from, to }) => from <= character && character <= to) === (negation === "");
}

/** Tries again one character later only behind the last `*`, so the time is at most glob length × tag length: no glob is slow. */
function matches(tokens: readonly Token[], tag: string): boolean {
  let token = 0;
  let at = 0;
  let retryToken = -1;
  let retryAt = 0;
  while (at < tag.length) {
    const next = tokens[token];
    if (next === run) {
      retryToken = ++token;
      retryAt = at;
    } else if (next?.(tag.charAt(at))) {
      token++;
      at++;
    } else if (retryToken >= 0) {
      token = retryToken;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((left) => left === run);
}
