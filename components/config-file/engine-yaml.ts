import { parseDocument, type ScalarTag, type Tags } from "yaml";

/**
 * A plain scalar that go-yaml, by which the engine reads, takes for a number: `1_000`, `0b101`, `010`, which is 8. YAML 1.2, by
 * which the library reads, takes the first two for text and the last one for 10.
 * @see https://github.com/go-yaml/yaml/blob/v3.0.1/resolve.go
 */
const number: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  test: /^[-+]?(?:0[bB][01_]+|0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|(?:\.[0-9]|[0-9])[0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?)$/,
  resolve(text) {
    const [, sign, digits = ""] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", "")) ?? [];
    const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
    return sign === "-" ? -value : value;
  },
};

/** A plain scalar that go-yaml takes for a time. The engine passes it on as text, in Go's form. */
const timestamp: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  test: /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})?)?$/,
  resolve(text) {
    const [, year, month = "", day = "", time = ""] = /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt \t]*(.*)$/.exec(text) ?? [];
    return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")} ${time.replace(/Z$/, "") || "00:00:00"} +0000 UTC`;
  },
};

const customTags = (tags: Tags): Tags => [timestamp, number, ...tags];

/** Parses YAML as the engine does. Returns the errors that make it refuse the text. */
export function parseEngineYaml(text: string): { readonly value: unknown; readonly errors: readonly Error[] } {
  const document = parseDocument(text, { customTags, logLevel: "silent" });
  if (document.errors.length > 0) return { value: undefined, errors: document.errors };
  try {
    return { value: document.toJS() as unknown, errors: [] };
  } catch (error) {
    // The library refuses aliases that grow without measure only when it resolves them.
    return { value: undefined, errors: [error instanceof Error ? error : new Error(String(error))] };
  }
}
