import fc from "fast-check";

/** Values that parsers tend to trip over. */
const nasty = fc.constantFrom<unknown>(
  null,
  "",
  " ",
  0,
  -1,
  1.5,
  1e300,
  true,
  [],
  {},
  [[]],
  "constructor",
  "__proto__",
  "toString",
  "../../../etc/passwd",
  "sha256:../../x",
  `sha256:${"0".repeat(64)}`,
  `sha256:${"F".repeat(64)}`,
  "\u001b]0;owned\u0007\r\n\u202e\u009b",
  "\ud800",
  "9".repeat(400),
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "Fri, 01 Jan 275760 00:00:00 GMT",
  "x".repeat(5_000),
  { length: 1, 0: "x" },
);
const nastyKey = fc.constantFrom(
  "__proto__",
  "constructor",
  "toString",
  "length",
  "",
  "then",
  "\u001b[31m",
  "sha256:../x",
  "hasOwnProperty",
);

interface Step {
  readonly at: number;
  readonly how: "replace" | "drop" | "repeat" | "add" | "swap";
  readonly value: unknown;
  readonly key: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("replace", "drop", "repeat", "add", "swap"),
  value: fc.oneof({ weight: 3, arbitrary: nasty }, fc.jsonValue({ maxDepth: 2 })),
  key: fc.oneof(nastyKey, fc.string({ maxLength: 8 })),
});

/** A valid value, of which some fields were changed. The original comes as well. */
export function mutated<Value>(valid: Value): fc.Arbitrary<unknown> {
  return fc.array(step, { maxLength: 4 }).map((steps) => steps.reduce((value: unknown, one) => applyStep(value, one), clone(valid)));
}

/** JSON of a valid value, of which some fields and then some bytes were changed. */
export function mutatedJson(valid: unknown): fc.Arbitrary<string> {
  return fc
    .tuple(mutated(valid), fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, bytes))
    .map(([value, changes]) => changes.reduce(changeText, JSON.stringify(value) ?? ""));
}

/** A valid text, of which some characters were changed. */
export function mutatedText(valid: string): fc.Arbitrary<string> {
  return bytes.map((changes) => changes.reduce(changeText, valid));
}

type Change = { readonly at: number; readonly length: number; readonly text: string };

const bytes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    at: fc.nat(),
    length: fc.nat(6),
    text: fc.oneof(
      fc.constantFrom(
        "",
        '"',
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\\",
        "\\u0000",
        "null",
        "1e999",
        "-",
        "\u0000",
        "\u009b",
        '"__proto__":{},',
        '"a":1,"a":2',
      ),
      fc.string({ maxLength: 3 }),
    ),
  }),
  { maxLength: 3 },
);

function changeText(text: string, { at, length, text: instead }: Change): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + instead + text.slice(place + length);
}

type Container = Record<string, unknown> | unknown[];

function applyStep(root: unknown, { at, how, value, key }: Step): unknown {
  const places = placesIn(root);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return how === "drop" ? undefined : value;
  const { holder, key: own } = place;
  if (how === "replace") set(holder, own, clone(value));
  if (how === "swap") set(holder, own, clone(places[(at * 7 + 3) % places.length]?.value ?? null));
  if (how === "add") set(holder, Array.isArray(holder) ? String(holder.length) : key, clone(value));
  if (how === "drop") drop(holder, own);
  if (how === "repeat" && Array.isArray(holder)) holder.push(holder[Number(own)]);
  return root;
}

interface Place {
  readonly holder: Container;
  readonly key: string;
  readonly value: unknown;
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => [{ holder: value as Container, key, value: entry }, ...placesIn(entry)]);
}

function set(holder: Container, key: string, value: unknown): void {
  // As JSON.parse does it: `__proto__` becomes a field like any other.
  Object.defineProperty(holder, key, { value, configurable: true, enumerable: true, writable: true });
}

function drop(holder: Container, key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

function clone(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value));
}
