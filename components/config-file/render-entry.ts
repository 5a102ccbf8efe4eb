import { Document, isScalar, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import { withoutControls } from "../model/printable";
import { type CommentedEntry, type CommentedRule, type CommentedRuleSet, isOfOnePackage, type RuleInput } from "./commented-entry";
import { engineStrings, engineStyle } from "./engine-style";

const width = 110;

/** Renders an entry as an item of a YAML list without indentation: `# …` lines, then `- owner: …`. */
export function renderEntry(entry: CommentedEntry): string {
  const document = new Document([entryOf(entry)], { ...engineStrings, aliasDuplicateObjects: false });
  if (entry.rules.length > 0) commentEach(document.getIn([0, "rules"]) as YAMLSeq<Node>, entry.rules);
  const ofOverrides = Object.keys(entry.overrides ?? {}).map((name) => ["overrides", name]);
  for (const path of [["limits"], ["protect"], ["packages"], ["use"], ...ofOverrides]) {
    const node = document.getIn([0, ...path]);
    if (typeof node === "object" && node !== null) flowing(node as Node);
  }
  commentRules(document, entry.unfinished);
  const text = document.toString(engineStyle);
  const head = entry.comment.flatMap((line) => wrapped(line)).map((line) => (line === "" ? "#\n" : `# ${line}\n`));
  return `${head.join("")}${text}`;
}

/** Renders a rule set as an entry of a YAML map without indentation: `# …` lines, then `name:` and its rules. */
export function renderRuleSet({ name, comment, rules }: CommentedRuleSet): string {
  const document = new Document({ [name]: rules.map(({ rule }) => rule) }, { ...engineStrings, aliasDuplicateObjects: false });
  commentEach(document.get(name) as YAMLSeq<Node>, rules);
  const head = comment.flatMap((line) => wrapped(line)).map((line) => `# ${line}\n`);
  return `${head.join("")}${document.toString(engineStyle)}`;
}

function commentEach({ items }: YAMLSeq<Node>, rules: readonly CommentedRule[]): void {
  for (const [index, item] of items.entries()) {
    flowing(item);
    item.commentBefore = asComment(rules[index]?.comment ?? []);
  }
}

/** Renders a rule on one line: `{name: …, action: …}`. `missing` maps settings to what is to be filled in: `mostRecent: <keep-n-tagged>`. */
export function renderRule(rule: RuleInput, missing: ReadonlyMap<string, string> = new Map()): string {
  const document = new Document(rule, engineStrings);
  flowing(document.contents as Node);
  const text = document.toString(engineStyle).trim();
  const marks = [...missing].map(([setting, value]) => `, ${setting}: <${value}>`);
  return `${text.slice(0, -1)}${marks.join("")}}`;
}

/**
 * Writes a comment above the key of the rules. Behind the last rule, the engine would add a comma to the rule when it writes the file
 * again.
 */
function commentRules(document: Document, lines: readonly string[]): void {
  const [entry] = (document.contents as YAMLSeq<YAMLMap<Node>>).items;
  const pair = entry?.items.find(({ key }) => isScalar(key) && key.value === "rules");
  if (pair !== undefined && lines.length > 0) pair.key.commentBefore = asComment(lines);
}

/** Returns an entry as it is to be read back. */
export function entryOf(entry: CommentedEntry): object {
  const { owner } = entry;
  return { owner, ...(isOfOnePackage(entry) ? { package: entry.packages } : { packages: entry.packages }), ...settingsOf(entry) };
}

/** Returns the settings of an entry without its owner and packages. */
export function settingsOf({ protect, limits, grace, approval, use, rules, overrides }: CommentedEntry) {
  return {
    ...(use === undefined ? {} : { use }),
    ...(protect.length > 0 ? { protect } : {}),
    limits,
    grace,
    ...(approval === undefined ? {} : { approval }),
    ...(rules.length === 0 && use !== undefined ? {} : { rules: rules.map(({ rule }) => rule) }),
    ...(overrides === undefined ? {} : { overrides }),
  };
}

function flowing(node: Node): void {
  (node as Node & { flow?: boolean }).flow = true;
}

function asComment(lines: readonly string[]): string {
  return lines
    .flatMap((line) => wrapped(line))
    .map((line) => ` ${line}`)
    .join("\n");
}

/** Wraps text into lines. The indentation of a paragraph is kept on its following lines. */
export function wrapped(text: string): string[] {
  const plain = withoutControls(text);
  const indent = /^ */.exec(plain)?.[0] ?? "";
  const lines: string[] = [];
  let line = indent;
  for (const word of plain.trim().split(/ +/)) {
    if (line.length + word.length + 1 > width && line.trim() !== "") {
      lines.push(line);
      line = `${indent}  `;
    }
    line = line.trim() === "" ? `${line}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}
