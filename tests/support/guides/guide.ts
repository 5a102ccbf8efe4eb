import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The examples of a page of the docs, in their order: the texts of its blocks of a language. */
export function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(join(__dirname, "..", "..", "..", "docs", page), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);
}

/** The rows of the table below a heading, cells trimmed, head and rule left out. */
export function tableOf(page: string, heading: string): string[][] {
  const text = readFileSync(join(__dirname, "..", "..", "..", "docs", page), "utf8");
  const section = text.split(/^#{1,3} /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What stands between backquotes. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}
