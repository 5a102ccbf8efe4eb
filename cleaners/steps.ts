import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from "yaml";
import type { Option, Step } from "./cleaner";

export const maxLength = 1024 * 1024;

/** A parsed workflow. */
export interface WorkflowText {
  readonly documents: readonly Document[];
  /** Whether the text is valid YAML; otherwise the documents contain the readable part. */
  readonly readable: boolean;
  readonly lineAt: (node: Node) => number;
}

/** Parses a workflow. Never throws, whatever the text. */
export function parseWorkflow(content: string): WorkflowText {
  const counter = new LineCounter();
  // Without this, YAML prints warnings with lines of the file to the terminal.
  const parsed = parseAllDocuments(content.slice(0, maxLength), { lineCounter: counter, logLevel: "silent", uniqueKeys: false });
  const documents: Document[] = Array.isArray(parsed) ? parsed : [];
  return {
    documents,
    readable: documents.every(({ errors }) => errors.length === 0) && content.length <= maxLength,
    lineAt: (node) => counter.linePos(node.range?.[0] ?? 0).line,
  };
}

/** Describes why GitHub refuses the text as YAML, with the line; `undefined` where it is valid. */
export function yamlProblem(content: string): string | undefined {
  if (content.length > maxLength) return `it is longer than ${maxLength} characters`;
  const parsed = parseAllDocuments(content, { logLevel: "silent" });
  const [error] = (Array.isArray(parsed) ? parsed : []).flatMap(({ errors }) => errors);
  if (error === undefined) return undefined;
  const reason = (error.message.split("\n", 1)[0] ?? "").replace(/ at line \d+, column \d+:$/, "");
  return `line ${error.linePos?.[0].line ?? 1}: ${reason}`;
}

/** Returns every step that uses an action, in the order of the text. */
export function stepsIn({ documents, lineAt }: WorkflowText): Step[] {
  const steps: Step[] = [];
  for (const document of documents) {
    visit(document, {
      Map(_, map) {
        const step = stepOf(map, document, lineAt);
        if (step) steps.push(step);
      },
    });
  }
  return steps;
}

export function stepOf(map: YAMLMap, document: Document, lineAt: (node: Node) => number): Step | undefined {
  const uses = resolved(map.get("uses", true), document);
  if (!isScalar(uses)) return undefined;
  const named = actionIn(String(uses.value));
  if (named === undefined) return undefined;
  const options = new Map<string, Option>();
  const given = resolved(map.get("with", true), document);
  for (const { key, value } of isMap(given) ? given.items : []) {
    if (!isScalar(key)) continue;
    // Input names are case-insensitive.
    options.set(String(key.value).toLowerCase(), optionOf(resolved(value, document), lineAt(key)));
  }
  return { ...named, comment: uses.comment?.trim() ?? "", options, line: lineAt(uses) };
}

function optionOf(value: unknown, line: number): Option {
  if (isScalar(value)) {
    const text = String(value.value ?? "");
    // GitHub reads `1.10` without quotes as the number 1.1.
    return typeof value.value === "number" && value.source !== text ? { text, written: value.source ?? text, line } : { text, line };
  }
  return isMap(value) || isSeq(value)
    ? { text: value.flow ? String(value) : "a list or a map", line, isCollection: true }
    : { text: "", line };
}

/** Follows one alias, without expanding anything else. */
function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? (node as Alias).resolve(document) : node;
}

/** Parses `owner/name@v1` or `owner/name/folder@v1` into `owner/name` and `v1`. */
export function actionIn(uses: string): Pick<Step, "action" | "ref"> | undefined {
  const [, action, ref = ""] = /^\s*([\w.-]+\/[\w.-]+)(?:\/[^@]*)?@(\S*)/.exec(uses) ?? [];
  return action === undefined ? undefined : { action: action.toLowerCase(), ref };
}
