import { type Alias, type Document, isAlias, isMap, isScalar, LineCounter, type Node, parseAllDocuments, visit, type YAMLMap } from "yaml";
import type { Danger, Option, Step } from "./cleaner";
import { cleaners } from "./known";
import { dangerOfScript } from "./script";

const textMaximum = 1024 * 1024;

export interface Findings {
  readonly dangers: readonly Danger[];
  /** Whether the file could be read as YAML; else it was read as far as it goes, and line by line. */
  readonly readable: boolean;
}

/** What in a workflow, a composite action or a pipeline loses images. Never throws, whatever the text. */
export function dangersIn(content: string): Findings {
  const text = content.slice(0, textMaximum);
  const counter = new LineCounter();
  // Their warnings would go to the terminal, with lines of the file.
  const parsed = parseAllDocuments(text, { lineCounter: counter, logLevel: "silent", uniqueKeys: false });
  const documents: Document[] = Array.isArray(parsed) ? parsed : [];
  const readable = documents.every(({ errors }) => errors.length === 0) && content.length <= textMaximum;
  const found = documents.flatMap((document) => dangersOf(document, counter));
  const all = readable ? found : [...found, ...dangersByLine(text)];
  return { dangers: onePerLine(all), readable };
}

function dangersOf(document: Document, counter: LineCounter): Danger[] {
  const dangers: Danger[] = [];
  const lineAt = (node: Node) => counter.linePos(node.range?.[0] ?? 0).line;
  visit(document, {
    Map(_, map) {
      const step = stepOf(map, document, lineAt);
      const danger = step && cleaners.get(step.action)?.(step);
      if (danger) dangers.push(danger);
    },
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "string") return;
      // The text of a block begins on the line after its `|`.
      const danger = dangerOfScript(node.value, lineAt(node) + (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED" ? 1 : 0));
      if (danger) dangers.push(danger);
    },
  });
  return dangers;
}

function stepOf(map: YAMLMap, document: Document, lineAt: (node: Node) => number): Step | undefined {
  const uses = resolved(map.get("uses", true), document);
  const action = isScalar(uses) ? actionIn(String(uses.value)) : undefined;
  if (action === undefined || !isScalar(uses)) return undefined;
  const options = new Map<string, Option>();
  const given = resolved(map.get("with", true), document);
  for (const { key, value } of isMap(given) ? given.items : []) {
    const scalar = resolved(value, document);
    if (!isScalar(key) || !isScalar(scalar)) continue;
    // An input's name does not depend on its case.
    options.set(String(key.value).toLowerCase(), { text: scalar.source ?? String(scalar.value), line: lineAt(key) });
  }
  return { action, options, line: lineAt(uses) };
}

/** Follows one alias, and expands nothing. */
function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? (node as Alias).resolve(document) : node;
}

/** `owner/name` of `owner/name@v1` and of `owner/name/folder@v1`. */
function actionIn(uses: string): string | undefined {
  return /^\s*([\w.-]+\/[\w.-]+)(?:\/[^@]*)?@/.exec(uses)?.[1]?.toLowerCase();
}

/** Where YAML cannot be read, what a line says of an action is taken without its options. */
function dangersByLine(text: string): Danger[] {
  return text.split("\n").flatMap((line, place) => {
    const uses = /^\s*(?:-\s+)?["']?uses["']?\s*:\s*["']?([^\s"'#]+)/.exec(line)?.[1];
    const action = uses === undefined ? undefined : actionIn(uses);
    const known = action === undefined ? undefined : cleaners.get(action);
    if (action === undefined || known === undefined) return [];
    const why = "the file cannot be read as YAML, so how it is used is not known";
    return [
      {
        line: place + 1,
        what: action,
        why,
        source: "doubt",
        rule: "{ name: drop-untagged, action: delete, untagged: true, olderThan: 14d }",
      },
    ];
  });
}

function onePerLine(dangers: readonly Danger[]): Danger[] {
  const byLine = new Map<number, Danger>();
  for (const danger of dangers) if (!byLine.has(danger.line)) byLine.set(danger.line, danger);
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}
