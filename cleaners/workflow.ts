import { type Document, isScalar, type Node, type Scalar, visit } from "yaml";
import { cleaners } from "./actions";
import type { Danger } from "./cleaner";
import { unreadImage } from "./containers";
import { dropUntagged } from "./safe-rule";
import { dangerOfScript, unreadScript } from "./script";
import { actionIn, maxLength, parseWorkflow, stepOf } from "./steps";
import { type Unread, unreadAction, unreadCall } from "./unread";

export interface Findings {
  readonly dangers: readonly Danger[];
  /** What deletes package versions in a way that the file does not show; never on the line of a danger. */
  readonly unread: readonly Unread[];
  /** Whether the file is valid YAML; otherwise it was read as far as possible, and then line by line. */
  readonly readable: boolean;
}

/** Finds what loses images in a workflow, a composite action or a pipeline. Never throws, whatever the text. */
export function dangersIn(content: string): Findings {
  const text = content.slice(0, maxLength);
  const { documents, readable, lineAt } = parseWorkflow(content);
  const found = documents.map((document) => findingsIn(document, text, lineAt));
  const dangers = onePerLine([...found.flatMap((one) => one.dangers), ...(readable ? [] : dangersByLine(text))]);
  const taken = new Set(dangers.map(({ line }) => line));
  return { dangers, unread: onePerLine(found.flatMap((one) => one.unread)).filter(({ line }) => !taken.has(line)), readable };
}

function findingsIn(
  document: Document,
  text: string,
  lineAt: (node: Node) => number,
): { readonly dangers: Danger[]; readonly unread: Unread[] } {
  const dangers: Danger[] = [];
  const unread: Unread[] = [];
  const add = (danger: Danger | undefined, other: Unread | undefined) => {
    if (danger) dangers.push(danger);
    else if (other) unread.push(other);
  };
  visit(document, {
    Map(_, map) {
      const step = stepOf(map, document, lineAt);
      if (step) add(cleaners.get(step.action)?.(step), unreadAction(step));
    },
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isScalar(value) || typeof value.value !== "string") return;
      const line = lineAt(value);
      if (key.value === "uses") add(undefined, unreadCall(value.value, line) ?? unreadImage(value.value, line));
      if (key.value === "image") add(undefined, unreadImage(value.value, line));
    },
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "string") return;
      const raw = rawOf(node, text);
      add(dangerOfScript(node.value, raw, lineAt(node)), unreadScript(node.value, raw, lineAt(node)));
    },
  });
  return { dangers, unread };
}

/** A scalar as it stands in the file, from its first line on. */
function rawOf({ range }: Scalar, text: string): string {
  return range ? text.slice(range[0], range[1]) : "";
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
        action,
        why,
        source: "doubt",
        rule: dropUntagged(),
      },
    ];
  });
}

function onePerLine<Found extends { readonly line: number }>(all: readonly Found[]): Found[] {
  const byLine = new Map<number, Found>();
  for (const found of all) if (!byLine.has(found.line)) byLine.set(found.line, found);
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}
