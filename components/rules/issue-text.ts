import { z } from "zod";
import { nearest } from "../model/nearest";

/** What zod calls a type, in the words of somebody who writes YAML. */
const nouns: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "`true` or `false`",
  int: "a whole number",
  null: "nothing",
  number: "a number",
  object: "a map of keys and values",
  record: "a map of keys and values",
  string: "text",
};

/** Writes what is wrong with a value that a schema refuses and what was expected; `undefined` leaves the text to zod. */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return `${valueText(noun(issue.expected), issue.input)}${needsQuotes(issue) ? ": write it in quotes" : ""}`;
    case "invalid_value":
      return valueText(alternatives(issue.values.map((value) => `\`${String(value)}\``)), issue.input);
    case "invalid_union":
      return unionText(issue);
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKeyText(key, knownKeys(issue.inst))).join("; ");
    case "too_small":
      return sizeText(issue.inclusive ? "at least" : "more than", issue.origin, issue.minimum);
    case "too_big":
      return sizeText(issue.inclusive ? "at most" : "less than", issue.origin, issue.maximum);
    case "invalid_key":
      return issue.issues.map(({ message }) => message).join("; ");
    default:
      return undefined;
  }
}

/** Names a key that means nothing, and the known key that it resembles, or all keys. */
export function unknownKeyText(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const instead = meant === undefined ? `expected one of ${known.map((one) => `\`${one}\``).join(", ")}` : `did you mean \`${meant}\`?`;
  return `unknown key \`${key}\`: ${instead}`;
}

function valueText(expected: string, value: unknown): string {
  return value === undefined ? `missing: expected ${expected}` : `expected ${expected}, not ${written(value)}`;
}

/** YAML reads an unquoted tag such as `1.10` or `true` as something else than text. */
function needsQuotes({ expected, input }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): boolean {
  return expected === "string" && ["number", "boolean"].includes(typeof input);
}

function unionText(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  if (issue.discriminator !== undefined && Array.isArray(issue.options)) {
    const value = (issue.input as Readonly<Record<string, unknown>>)[issue.discriminator];
    return valueText(alternatives(issue.options.map((one) => `\`${String(one)}\``)), value);
  }
  // A branch that takes a value of this kind says more than those that do not.
  const near = issue.errors.filter((branch) => branch.some(({ code, path }) => code !== "invalid_type" || path.length > 0));
  const branches = near.length > 0 ? near : issue.errors;
  return [
    ...new Set(
      branches.map((branch) => branch.map(({ path, message }) => [z.core.toDotPath(path), message].filter(Boolean).join(": ")).join("; ")),
    ),
  ].join(", or ");
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function noun(type: string): string {
  return nouns[type] ?? type;
}

function alternatives(values: readonly string[]): string {
  const last = values.at(-1) ?? "nothing";
  return values.length < 2 ? last : `${values.slice(0, -1).join(", ")} or ${last}`;
}

function sizeText(bound: string, origin: string, size: number | bigint): string {
  if (origin === "string") return `expected ${bound} ${size} ${size === 1 ? "character" : "characters"}`;
  if (origin === "array" || origin === "set") return `expected ${bound} ${size} ${size === 1 ? "entry" : "entries"}`;
  return `expected ${bound} ${size}`;
}

/** Long enough for every setting, and shorter than any token. */
const maxWritten = 32;

/** Describes a value. Text that is long is not repeated: it may be a secret. */
function written(value: unknown): string {
  if (value === null) return "an empty value";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map of keys and values";
  if (typeof value !== "string") return `the ${typeof value} \`${String(value)}\``;
  return value.length > maxWritten ? `a text of ${value.length} characters` : `the text "${value}"`;
}
