import type { Probe } from "./probe";
import type { Row } from "./row";
import { resultCell, summaryText, valueText } from "./table";

/** Where and when rows were seen. */
export interface Occasion {
  /** ISO 8601. */
  readonly at: string;
  readonly githubApiUrl: string;
  readonly registryUrl: string;
  readonly token: "classic token" | "GITHUB_TOKEN";
}

const start = "<!-- results: written by `npm run test:live -- --write` -->";
const end = "<!-- end of results -->";

/** Returns docs/live.md with what a live run saw. */
export function withResults(page: string, { at, githubApiUrl, registryUrl, token }: Occasion, rows: readonly Row[]): string {
  const cells = rows.map((row) => [row.name, valueText(row.assumed), valueText(row.seen), resultCell(row)]);
  const occasion = `Seen on ${at.slice(0, 10)} at ${githubApiUrl} and ${registryUrl} with a ${token}: ${summaryText(rows)}.`;
  return withBlock(page, occasion, cells);
}

const notYet = "No live run has been made yet: each of these is assumed.";

/** Returns docs/live.md with what is assumed, unless it holds what a live run saw. */
export function withAssumptions(page: string, probes: readonly Pick<Probe<never>, "name" | "assumption">[]): string {
  if (!page.slice(...bounds(page)).includes(notYet)) return page;
  return withBlock(
    page,
    notYet,
    probes.map(({ name, assumption }) => [name, valueText(assumption), valueText(undefined), ""]),
  );
}

function withBlock(page: string, occasion: string, cells: readonly (readonly string[])[]): string {
  const [from, to] = bounds(page);
  const lines = ["| assumption | assumed | seen | result |", "|---|---|---|---|", ...cells.map((row) => `| ${row.join(" | ")} |`)];
  return `${page.slice(0, from)}\n${[occasion, "", ...lines].join("\n")}\n${page.slice(to)}`;
}

function bounds(page: string): [from: number, to: number] {
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/live.md has no place for the results: expected ${start} and below it ${end}`);
  return [from + start.length, to];
}
