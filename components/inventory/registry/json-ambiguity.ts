/** https://github.com/opencontainers/image-spec/tree/main/schema: the names that clients look for, in manifests and in descriptors. */
const manifestKeys = ["schemaVersion", "mediaType", "artifactType", "manifests", "config", "layers", "blobs", "subject", "annotations"];
const descriptorKeys = ["mediaType", "digest", "size", "artifactType", "platform", "annotations", "urls", "data"];

/**
 * Describes what other clients may read differently than `JSON.parse`: a key that occurs twice, or that differs by case alone, which
 * Go's JSON decoder treats as the same key. Such a manifest may reference versions that are not visible here.
 */
export function ambiguityIn(json: string, parsed: unknown): string | undefined {
  const duplicates = isWrittenOut(json, parsed) ? undefined : repeatedKey(json);
  if (duplicates !== undefined) return `the key ${duplicates} occurs twice`;
  if (!isObject(parsed)) return undefined;
  const listed = Array.isArray(parsed.manifests) ? parsed.manifests : [];
  const other = [
    ...otherCase(parsed, manifestKeys),
    ...[parsed.subject, parsed.config, ...listed].flatMap((descriptor) =>
      isObject(descriptor) ? otherCase(descriptor, descriptorKeys) : [],
    ),
  ];
  return other[0] === undefined ? undefined : `the key "${other[0]}" differs from a known one by case alone`;
}

/** Reports whether the text equals its own serialization, which duplicate keys would not survive. Much faster than a search. */
function isWrittenOut(json: string, parsed: unknown): boolean {
  try {
    return json === JSON.stringify(parsed, undefined, /^\{\n(\s+)/.exec(json)?.[1]);
  } catch {
    // Nested too deeply.
    return false;
  }
}

function otherCase(object: object, known: readonly string[]): string[] {
  return Object.keys(object).filter((key) => !known.includes(key) && known.some((name) => folded(name) === folded(key)));
}

/** Folds a key as Go's `encoding/json` does, which takes the long s and the Kelvin sign for ASCII letters. */
function folded(key: string): string {
  return key.toUpperCase().toLowerCase();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the first key that an object has twice. The text is valid JSON. */
function repeatedKey(json: string): string | undefined {
  // The keys of each open object; `undefined` for an open array.
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === "{") open.push(new Set());
    else if (character === "[") open.push(undefined);
    else if (character === "}" || character === "]") open.pop();
    else if (character === '"') {
      const end = endOfString(json, at);
      if (isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end)) as string;
        const keys = open.at(-1);
        if (keys?.has(key)) return JSON.stringify(key);
        keys?.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isKey(json: string, after: number): boolean {
  let at = after;
  while (json[at] === " " || json[at] === "\n" || json[at] === "\t" || json[at] === "\r") at++;
  return json[at] === ":";
}
