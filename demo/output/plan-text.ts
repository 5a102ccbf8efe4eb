/** The report of a preview about one package. */
export interface PlanText {
  readonly id: string;
  readonly deletes: number;
  readonly of: number;
  /** The printed arguments of the command that approves the plan. */
  readonly approval: readonly string[];
  readonly lines: readonly string[];
}

const headline = /^plan (\d{4}-\d{2}-\d{2}-[0-9a-f]{12}): delete (\d+) of (\d+) versions\b/;
const approvalLine = /^ *pulumi (config) (set) (--path) '(\S+)' (\S+)$/;

/** Reads a package's report; `undefined` unless it waits for approval. */
export function planTextOf(lines: readonly string[]): PlanText | undefined {
  const [, id, deletes, of] = headline.exec(lines[0] ?? "") ?? [];
  const approval = lines.map((line) => approvalLine.exec(line)).find((match) => match !== null);
  if (id === undefined || !approval) return undefined;
  return { id, deletes: Number(deletes), of: Number(of), approval: approval.slice(1), lines };
}

/** Cuts each table of the report to a maximum of rows, and counts the others. */
export function withShortTables(lines: readonly string[], rows: number): string[] {
  const short: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const table = tableAt(lines, at);
    // Includes the head, and one more row when only one would be left out.
    const shown = table.length <= rows + 2 ? table : table.slice(0, rows + 1);
    const left = table.slice(shown.length);
    short.push(...shown, ...(left.length > 0 ? [`  (${countOf(left)} more rows)`] : []));
    at += table.length;
    if (table.length === 0) short.push(lines[at++] ?? "");
  }
  return short;
}

/** Returns the table that starts here: a head and rows, all indented. */
function tableAt(lines: readonly string[], start: number): string[] {
  const rest = lines.slice(start);
  if (!/^ {2}\S.* {2,}\S/.test(rest[0] ?? "")) return [];
  const length = rest.findIndex((line) => !line.startsWith("  "));
  return rest.slice(0, length < 0 ? undefined : length);
}

/** Counts the rows; the last row of the report may stand for others: `… and 40 more: …`. */
function countOf(rows: readonly string[]): number {
  const own = /^ *… and (\d+) more/.exec(rows.at(-1) ?? "")?.[1];
  return own === undefined ? rows.length : rows.length - 1 + Number(own);
}
