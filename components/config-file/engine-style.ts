import type { Scalar, ScalarTag, Tags } from "yaml";

/**
 * Text that every reader of YAML takes for text without quotes. The engine reads by the rules of go-yaml, to which `off`,
 * `2025-03-01` and `1_000` are no text, and a `?` between brackets is an error; other readers disagree on other words.
 */
const plainForm = /^(?:[A-Za-z][A-Za-z0-9_./-]*|[1-9][0-9]{0,4}[mhdw])$/;
const reserved = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/**
 * Characters that the engine writes as escapes. It would take U+2028 for a line break, and keeps what is beyond the basic plane
 * only as an escape.
 */
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[\u{10000}-\u{10ffff}]/gu;
const shortEscapes: Readonly<Record<string, string>> = {
  ...{ "\0": "\\0", "\x07": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r", "\x1b": "\\e" },
  ...{ "\u0085": "\\N", "\u00a0": "\\_", "\u2028": "\\L", "\u2029": "\\P" },
};

/** Options of a document whose texts the engine reads back as they are. */
export const engineStrings = { customTags: (tags: Tags): Tags => tags.map((tag) => (isStringTag(tag) ? { ...tag, stringify } : tag)) };

/** Options for writing a document as the engine does: what it reads and writes again stays the same, line by line. */
export const engineStyle = { lineWidth: 0, indent: 2, indentSeq: true, flowCollectionPadding: false } as const;

function isStringTag(tag: Tags[number]): tag is ScalarTag {
  return typeof tag === "object" && tag.tag === "tag:yaml.org,2002:str";
}

function stringify({ value }: Scalar): string {
  const text = String(value);
  if (plainForm.test(text) && !reserved.test(text)) return text;
  return `"${text.replace(/["\\]/g, "\\$&").replace(unprintable, escaped)}"`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return shortEscapes[character] ?? `\\x${hex.padStart(2, "0")}`;
  return shortEscapes[character] ?? (code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`);
}
