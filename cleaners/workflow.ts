import { type Document, type Node, visit } from "yaml";
import { cleaners } from "./actions";
import type { Danger } from "./cleaner";
import { dropUntagged } from "./safe-rule";
import { dangerOfScript } from "./script";
import { actionIn, maxLength, parseWorkflow, stepOf } from "./steps";

export interface Findings {
  readonly dangers: readonly Danger[];
  /** Whether the file is valid YAML; otherwise it was read as far as possible, and then line by line. */
  readonly readable: boolean;
}

/** Finds what loses images in a workflow, a composite action or a pipeline. Never throws, whatever the text. */
export function dangersIn(content: string): Findings {
  const text = content.slice(0, maxLength);
  const { documents, readable, lineAt } = parseWorkflow(content);
  const found = documents.flatMap((document) => dangersOf(document, lineAt));
  const all = readable ? found : [...found, ...dangersByLine(text)];
  return { dangers: onePerLine(all), readable };
}

function dangersOf(document: Document, lineAt: (node: Node) => number): Danger[] {
  const dangers: Danger[] = [];
  visit(document, {
    Map(_, map) {
      const step = stepOf(map, document, lineAt);
      const danger = step && cleaners.get(step.action)?.(step);
      if (danger) dangers.push(danger);
    },
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "string") return;
      // The text of a block starts on the line after its `|`.
      const danger = dangerOfScript(node.value, lineAt(node) + (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED" ? 1 : 0));
      if (danger) dangers.push(danger);
    },
  });
  return dangers;
}

/** Reports actions by line, without their options, for a file that is not valid YAML. */
function dangersByLine(text: string): Danger[] {
  return text.split("\n").flatMap((line, index) => {
    const uses = /^\s*(?:-\s+)?["']?uses["']?\s*:\s*["']?([^\s"'#]+)/.exec(line)?.[1];
    const action = uses === undefined ? undefined : actionIn(uses)?.action;
    const cleaner = action === undefined ? undefined : cleaners.get(action);
    if (action === undefined || cleaner === undefined) return [];
    const why = "the file cannot be read as YAML, so its options are unknown";
    return [
      {
        line: index + 1,
        what: action,
        why,
        source: "doubt",
        rule: dropUntagged(),
      },
    ];
  });
}

function onePerLine(dangers: readonly Danger[]): Danger[] {
  const byLine = new Map<number, Danger>();
  for (const danger of dangers) if (!byLine.has(danger.line)) byLine.set(danger.line, danger);
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}
