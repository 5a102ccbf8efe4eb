import { withoutControls } from "../model/printable";

/**
 * Writes a name from a registry or a config as code, in which GitHub resolves no links, mentions or markup. Characters that
 * would end the code or a table's cell become `?`.
 */
export function code(text: string): string {
  const inner = withoutControls(text).replace(/[`|\\]/g, "?");
  return inner.trim() === "" ? "–" : `\`${inner}\``;
}

/** Writes a sentence in one line. Text between backticks stays code; the rest is escaped for Markdown and HTML, and mentions nobody. */
export function plain(text: string): string {
  return withoutControls(text.trim().replaceAll(/\s+/g, " "))
    .split(/(`[^`]*`)/)
    .map((piece, index) => (index % 2 === 1 ? code(piece.slice(1, -1)) : escaped(piece)))
    .join("");
}

function escaped(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll(/[\\`*_[\]|~$]/g, "\\$&")
      // GitHub finds mentions, issues and addresses in the rendered text, so an invisible character separates them.
      .replaceAll(/[@#]/g, "$&&#8203;")
      .replaceAll(/:\/\//g, ":&#8203;//")
      .replaceAll(/www\./gi, (found) => `${found.slice(0, -1)}&#8203;.`)
      .replace(/^([-+=]|\d+[.)])/, "&#8203;$1")
  );
}

/** Text as it is, in a block that nothing in it ends. */
export function fenced(lines: readonly string[], language = ""): string {
  const text = lines.map(withoutControls).join("\n");
  const max = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(max + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** The summary is HTML, in which Markdown is not rendered. */
export function details(summary: string, content: string): string {
  const shown = withoutControls(summary).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(/[@#]/g, "$&&#8203;");
  return `<details><summary>${shown}</summary>\n\n${content}\n\n</details>`;
}

/** https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts */
export function alert(kind: "NOTE" | "IMPORTANT" | "WARNING" | "CAUTION", lines: readonly string[]): string {
  return [`> [!${kind}]`, ...lines.map((line) => `> ${line}`)].join("\n");
}

/** Cuts a text to a maximum number of characters. */
export function clipped(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, Math.max(0, max - 1))}…`;
}
