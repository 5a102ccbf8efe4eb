import fc from "fast-check";

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const two = (from: number, to: number) => fc.integer({ min: from, max: to }).map((number) => String(number).padStart(2, "0"));
const dayParts = fc.tuple(fc.integer({ min: 2020, max: 2026 }).map(String), two(1, 12), two(1, 28));
/** What a build writes into a tag, different each time. */
export const marks = {
  run: fc.nat({ max: 99_999 }).map(String),
  commit: fc.oneof(hex(7), hex(40)),
  time: fc.integer({ min: 1_600_000_000, max: 1_790_000_000 }).map(String),
  day: dayParts.map((parts) => parts.join("")),
  date: dayParts.map((parts) => parts.join("-")),
  run2: fc.nat({ max: 9_999 }).map((number) => `run${number}`),
  described: hex(7).map((commit) => `g${commit}`),
} as const;
type Mark = keyof typeof marks;

/** What the tags of a stream have in common: `main-<short>-<time>`. */
const form = fc
  .record({
    before: fc.constantFrom(
      "",
      "main",
      "staging",
      "dev",
      "trixie",
      "bookworm",
      "api-main",
      "web",
      "cafe",
      "decade",
      "Nightly",
      "feature",
      "pr",
      "sha",
    ),
    marks: fc.array(fc.constantFrom(...(Object.keys(marks) as Mark[])), { minLength: 1, maxLength: 2 }),
    after: fc.constantFrom("", "", "", "amd64", "slim", "added"),
    separator: fc.constantFrom("-", "-", ".", "_"),
  })
  .filter(({ before, marks: [first] }) => before !== "" || (first !== "run" && first !== "run2"));

/** Joins what is there, so that a tag or form of one part has no separator. */
function joined(parts: readonly string[], separator: string): string {
  return parts.filter((part) => part !== "").join(separator);
}

/** Tags that builds write, and their form. */
export const randomStream = form.chain(({ before, marks: kinds, after, separator }) => {
  const tag = fc.tuple(...kinds.map((kind) => marks[kind])).map((made) => joined([before, ...made, after], separator));
  return fc.record({
    // Pull requests and branches end, and are counted together.
    form: fc.constant(
      joined([before, ...(["pr", "feature"].includes(before) ? ["*"] : [...kinds.map((kind) => `<${kind}>`), after])], separator),
    ),
    tags: fc.uniqueArray(tag, { minLength: 1, maxLength: 60, size: "max" }),
    from: fc.integer({ min: 1, max: 400 }),
  });
});

interface Stream {
  readonly form: string;
  readonly tags: readonly string[];
  /** The age of the newest one in days; each further one is a day older. */
  readonly from: number;
}

/** Ages in days, by tag: one stream may have written a tag of another. */
export function agesIn(streams: readonly Stream[]): Record<string, number> {
  const ages: Record<string, number> = {};
  for (const { tags, from } of streams) for (const [place, tag] of tags.entries()) ages[tag] ??= from + place;
  return ages;
}

export function newestOf(tags: readonly string[], ages: Readonly<Record<string, number>>): string {
  return [...tags].sort((a, b) => (ages[a] ?? 0) - (ages[b] ?? 0))[0] ?? "";
}

/** Streams of the same form are one. */
export function oneOfEach(streams: readonly Stream[]): Pick<Stream, "form" | "tags">[] {
  const forms = new Map<string, string[]>();
  for (const { form, tags } of streams) forms.set(form, [...(forms.get(form) ?? []), ...tags]);
  return [...forms].map(([form, tags]) => ({ form, tags }));
}
