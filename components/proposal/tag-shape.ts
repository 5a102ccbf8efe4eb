/** What a build writes into a tag, different each time. */
type Mark = "commit" | "day" | "time" | "run";

/** The parts of a tag: words that its stream has in common, and marks that each build writes anew. */
export interface TagShape {
  /** Words with a letter. */
  readonly words: readonly string[];
  /** Numbers that are no marks, as in `ubuntu-22`. */
  readonly numbers: readonly string[];
  readonly marks: readonly Mark[];
  readonly beginsWith: Mark | "word";
  /** Matches the tags with the same words, and marks of the same kinds in the same places. */
  readonly pattern: string;
}

const month = "(0[1-9]|1[0-2])";
const dayOfMonth = "(0[1-9]|[12][0-9]|3[01])";
const dashedDay = `20[0-9]{2}-${month}-${dayOfMonth}`;

/** The forms of marks, by precedence: eight digits that are a day are no commit. A form is its own pattern in a rule. */
const marks: readonly (readonly [Mark, string])[] = [
  ["day", dashedDay],
  ["day", `${dashedDay}T[0-9]{2,6}Z?`],
  ["day", `20[0-9]{2}${month}${dayOfMonth}`],
  ["day", "20[0-9]{6}T?[0-9]{4,6}Z?"],
  // Seconds or milliseconds since 1970.
  ["time", "1[0-9]{9}([0-9]{3})?"],
  ["commit", "[0-9a-f]{7,64}"],
  ["run", "[0-9]{1,6}"],
  ...["g", "sha", "git", "commit", "rev"].map((word) => ["commit", `${word}[0-9a-f]{7,64}`] as const),
  ...["build", "run", "ci", "job"].map((word) => ["run", `${word}[0-9]{1,6}`] as const),
];
const forms = marks.map(([mark, pattern]) => ({ mark, pattern, test: new RegExp(`^${pattern}$`) }));
const separated = new RegExp(`([-_.]*)(${dashedDay}(?:T[0-9]{2,6}Z?)?(?![^-_.])|[^-_.]+)`, "y");

/** Words before a number that mark one of many builds. `ubuntu-22` is not one. */
const buildWord =
  /^(?:main|master|trunk|dev|develop|development|edge|nightly|canary|snapshot|staging|stage|build|ci|run|job|image|test|qa)$/i;
const plainNumber = /^\d{1,6}$/;
/** `1.4.2`: no part of it is a mark. */
const version = /(?:^|[-_])v?\d+\.\d+\.\d+/i;

interface Part {
  readonly separator: string;
  readonly text: string;
  readonly form: (typeof forms)[number] | undefined;
}

/** Takes a tag apart. Returns `undefined` for a tag that holds a version. Pure. */
export function shapeOf(tag: string): TagShape | undefined {
  const parts = partsOf(tag);
  if (parts === undefined || version.test(tag)) return undefined;
  const words: string[] = [];
  const numbers: string[] = [];
  const marks: Mark[] = [];
  let pattern = "";
  let before: Part | undefined;
  for (const [index, part] of parts.entries()) {
    const { separator, text } = part;
    const form = plainNumber.test(text) && !isRun(part, before, parts[index + 1]) ? undefined : part.form;
    if (form !== undefined) marks.push(form.mark);
    else (/[A-Za-z]/.test(text) ? words : numbers).push(text);
    pattern += quoted(separator) + (form?.pattern ?? quoted(text));
    before = { separator, text, form };
  }
  return { words, numbers, marks, beginsWith: parts[0]?.form === undefined ? "word" : parts[0].form.mark, pattern: `/^${pattern}$/` };
}

/** Returns what tags of a shape have in common; empty where each part is a mark. */
export function wordsOf({ words, numbers }: TagShape): string {
  return [...words, ...numbers].join("-");
}

/** A number counts builds after a word for builds, after another mark, and before a described commit: `main-42`, `20260801.1`, `5-g0123abc`. */
function isRun({ separator }: Part, before: Part | undefined, next: Part | undefined): boolean {
  if (before === undefined || (next?.separator === "." && plainNumber.test(next.text))) return false;
  if (next !== undefined && /^g[0-9a-f]{7,64}$/.test(next.text)) return true;
  if (before.form === undefined) return buildWord.test(before.text);
  return before.form.mark !== "run" || separator !== ".";
}

/** Returns `undefined` where a tag ends with a separator. */
function partsOf(tag: string): Part[] | undefined {
  const parts: Part[] = [];
  separated.lastIndex = 0;
  while (separated.lastIndex < tag.length) {
    const [, separator = "", text] = separated.exec(tag) ?? [];
    if (text === undefined) return undefined;
    parts.push({ separator, text, form: forms.find(({ test }) => test.test(text)) });
  }
  return parts;
}

export function quoted(text: string): string {
  return text.replaceAll(".", "\\.");
}
