import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";
import { readStackOrganizations } from "../config/stack-organizations";
import { readStackPolicies } from "../config/stack-policies";
import { ConfigError } from "../model/errors";
import { type CommentedEntry, type CommentedRuleSet, isOfOnePackage, labelOf } from "./commented-entry";
import { parseEngineYaml } from "./engine-yaml";
import { entryOf, renderEntry, renderRuleSet } from "./render-entry";

const ruleSetsKey = "ghcr-retention:ruleSets";
const keys = { policies: "ghcr-retention:policies", organizations: "ghcr-retention:organizations" } as const;
type Key = (typeof keys)[keyof typeof keys];

/**
 * Adds entries, and the rule sets that they use, to the text of a stack's config file. Existing text is kept byte for byte: only new lines are inserted.
 * Throws a {@link ConfigError} if that is impossible. Pure.
 */
export function addEntries(
  text: string,
  entries: readonly CommentedEntry[],
  path: string,
  ruleSets: readonly CommentedRuleSet[] = [],
): string {
  for (const entry of entries) requireWritable(`${labelOf(entry)}: its policy`, renderEntry(entry), [entryOf(entry)]);
  for (const set of ruleSets)
    requireWritable(`rule set ${set.name}: it`, renderRuleSet(set), { [set.name]: set.rules.map(({ rule }) => rule) });
  const ofOne = entries.filter(isOfOnePackage);
  const ofMany = entries.filter((entry) => !isOfOnePackage(entry));
  const withSets = addTo(text, ruleSetsKey, ruleSets.map(renderRuleSet), path);
  const withPolicies = addTo(withSets, keys.policies, ofOne.map(renderEntry), path);
  const result = addTo(withPolicies, keys.organizations, ofMany.map(renderEntry), path);
  const names = ruleSets.map(({ name }) => name);
  assertOnlyMore(text, result, { [keys.policies]: ofOne.length, [keys.organizations]: ofMany.length, ruleSets: names }, path);
  return result;
}

function addTo(text: string, key: Key | typeof ruleSetsKey, items: readonly string[], path: string): string {
  if (items.length === 0) return text;
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const rendered = items.join("");
  const lines = (indent: number, before: readonly string[] = []) =>
    [...before, ...indented(rendered, indent)].map((line) => `${line}${end}`).join("");

  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0) throw refusal(path, "it is not valid YAML");
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return `${closed(text, end)}config:${end}${lines(4, [`  ${key}:`])}`;
  }
  if (!isMap(contents) || contents.flow) throw refusal(path, "expected a block of keys such as `config:`");
  const config = pairOf(contents, "config");
  if (config === undefined) return `${closed(text, end)}config:${end}${lines(4, [`  ${key}:`])}`;
  if (isEmpty(config)) return splice(text, emptyOf(config, text), lines(4, [`  ${key}:`]), end);
  if (!isMap(config.value) || config.value.flow) throw refusal(path, "expected a block of keys under `config:`");
  const short = key.slice(key.indexOf(":") + 1);
  if (pairOf(config.value, short) !== undefined) throw refusal(path, `expected \`${short}\` under its full key, \`${key}\``);
  const column = columnOf(text, config.value.items[0]?.key as Node);
  const list = pairOf(config.value, key);
  if (list === undefined) return splice(text, { at: endOf(config.value, text) }, lines(column + 2, [`${" ".repeat(column)}${key}:`]), end);
  if (isEmpty(list)) return splice(text, emptyOf(list, text), lines(column + 2), end);
  if (key === ruleSetsKey) {
    if (!isMap(list.value) || list.value.flow) throw refusal(path, `expected one rule set after another under \`${key}:\``);
    return splice(text, { at: endOf(list.value, text) }, lines(columnOf(text, list.value.items[0]?.key as Node)), end);
  }
  if (!isSeq(list.value) || list.value.flow) throw refusal(path, `expected a list with one entry a line under \`${key}:\``);
  const first = list.value.items[0] as Node;
  const dash = text.lastIndexOf("-", (first.range?.[0] ?? 1) - 1);
  return splice(text, { at: endOf(list.value, text) }, lines(dash - startOfLine(text, dash)), end);
}

/** Refuses text that no YAML can hold, such as half of a surrogate pair, before it makes the whole file unreadable to the engine. */
function requireWritable(what: string, rendered: string, meant: unknown): void {
  const text = unwritableIn(meant);
  if (text === undefined && isDeepStrictEqual(parseEngineYaml(rendered).value, meant)) return;
  throw new ConfigError(
    `${what} cannot be written as YAML that the engine reads${text === undefined ? "" : `, because of the text ${JSON.stringify(text)}`}. ` +
      "Nothing was written: take the text out of what is translated.",
  );
}

/** go-yaml takes the key `<<` for a merge even in quotes. */
function unwritableIn(value: unknown, isKey = false): string | undefined {
  if (typeof value === "string") return /\p{Cs}/u.test(value) || (isKey && value === "<<") ? value : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const keys = Array.isArray(value) ? [] : Object.keys(value).map((key) => unwritableIn(key, true));
  return [...keys, ...Object.values(value).map((one) => unwritableIn(one))].find((one) => one !== undefined);
}

function refusal(path: string, why: string): ConfigError {
  return new ConfigError(
    `${path} cannot be added to without changing its lines: ${why}. ` +
      "Nothing was written: print the entries with `--output -` and add them by hand.",
  );
}

function pairOf(map: YAMLMap, key: string): Pair<Node, Node | null> | undefined {
  return map.items.find((pair): pair is Pair<Node, Node | null> => isScalar(pair.key) && pair.key.value === key);
}

function isEmpty({ value }: Pair<Node, Node | null>): boolean {
  if (value === null || (isScalar(value) && value.value === null)) return true;
  return (isSeq(value) || isMap(value)) && value.items.length === 0;
}

interface InsertionPoint {
  readonly at: number;
  /** The `[]` or `null` that the insertion replaces. */
  readonly instead?: readonly [from: number, to: number];
}

function emptyOf({ key, value }: Pair<Node, Node | null>, text: string): InsertionPoint {
  const [from, to] = value?.range ?? [0, 0];
  const at = nextLine(text, Math.max(key.range?.[1] ?? 0, to));
  return to > from ? { at, instead: [from, to] } : { at };
}

function splice(text: string, { at, instead }: InsertionPoint, added: string, end: string): string {
  const before = instead === undefined ? text.slice(0, at) : text.slice(0, instead[0]).replace(/ +$/, "") + text.slice(instead[1], at);
  return `${closed(before, end)}${added}${text.slice(at)}`;
}

/** Returns the start of the line after the last value of a block. */
function endOf(block: Node, text: string): number {
  let last: Node | null | undefined = block;
  let to = block.range?.[0] ?? 0;
  while (last) {
    to = Math.max(to, isSeq(last) || isMap(last) ? 0 : (last.range?.[1] ?? 0));
    if (isSeq(last) && !last.flow) last = last.items.at(-1) as Node | undefined;
    else if (isMap(last) && !last.flow) {
      const pair = last.items.at(-1) as Pair<Node, Node | null> | undefined;
      to = Math.max(to, pair?.key.range?.[1] ?? 0);
      last = pair?.value;
    } else {
      to = Math.max(to, last.range?.[1] ?? 0);
      break;
    }
  }
  // A block scalar includes the end of its last line.
  return text[to - 1] === "\n" ? to : nextLine(text, to);
}

function nextLine(text: string, from: number): number {
  const found = text.indexOf("\n", from);
  return found === -1 ? text.length : found + 1;
}

function startOfLine(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

function columnOf(text: string, node: Node): number {
  const at = node.range?.[0] ?? 0;
  return at - startOfLine(text, at);
}

function closed(text: string, end: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}${end}`;
}

function indented(text: string, by: number): string[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => (line === "" ? "" : `${" ".repeat(by)}${line}`));
}

/** Parses the result and asserts that existing settings are unchanged and exactly the new, valid entries were added. */
function assertOnlyMore(
  before: string,
  after: string,
  added: Readonly<Record<Key, number>> & { readonly ruleSets: readonly string[] },
  path: string,
): void {
  const [old, young] = [before, after].map(configOf);
  const others = (config: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(config).filter(([key]) => ![keys.policies, keys.organizations, ruleSetsKey].includes(key)));
  const isOnlyMore = Object.values(keys).every((key) => {
    const [was, is] = [old?.[key] ?? [], young?.[key] ?? []];
    if (!Array.isArray(was) || !Array.isArray(is)) return false;
    return is.length === was.length + added[key] && isDeepStrictEqual(is.slice(0, was.length), was);
  });
  const [oldSets, youngSets] = [old, young].map((config) => Object.entries(config?.[ruleSetsKey] ?? {}));
  const oldOnes = youngSets?.filter(([name]) => !added.ruleSets.includes(name));
  const isOneMoreSet = isDeepStrictEqual(oldOnes, oldSets) && youngSets?.length === (oldSets?.length ?? 0) + added.ruleSets.length;
  if (!isOnlyMore || !isOneMoreSet || !isDeepStrictEqual(others(old ?? {}), others(young ?? {})))
    throw refusal(path, "its structure is not supported");
  const get = (key: string) => young?.[`ghcr-retention:${key}`];
  const shared = { ruleSets: get("ruleSets"), defaults: get("defaults") };
  try {
    readStackPolicies({ policies: get("policies"), ...shared });
    readStackOrganizations({ organizations: get("organizations"), ...shared });
  } catch (error) {
    throw error instanceof ConfigError
      ? new ConfigError(`${path}: nothing was written: with what is to be added, ${error.message}`)
      : error;
  }
}

function configOf(text: string): Readonly<Record<string, unknown>> {
  const { config } = (parseEngineYaml(text).value ?? {}) as { readonly config?: Readonly<Record<string, unknown>> | null };
  return config ?? {};
}
