import { type GeneratedPart, withPart } from "../../generated-part";
import { explorations, runsTexts } from "./explorations";
import type { Explored } from "./explore";
import { worlds } from "./worlds";

type Cell = string | number;

/** What came of each exploration. */
function ordersTable(explored: readonly (readonly Explored[])[]): string {
  const rows = explorations.map(({ world, runs, meanwhile, preemptions }, place): Cell[] => {
    const where = preemptions === undefined ? "at any point" : `${preemptions} interruptions`;
    return [worlds[world].name, runsTexts[runs], meanwhile, where, ...countsOf(explored[place] ?? [])];
  });
  const lines = [...rows, ["**all**", "", "", "", ...countsOf(explored.flat())]].map((row) => `| ${row.map(textOf).join(" | ")} |`);
  return [
    "| package | runs | meanwhile | where | orders | begun | left at a known state | incomplete until the next run | lost |",
    "|---|---|---|---|---:|---:|---:|---:|---:|",
    ...lines,
  ].join("\n");
}

function countsOf(explored: readonly Explored[]): number[] {
  const counts = ["orders", "played", "pruned", "late", "excused"] as const;
  return counts.map((count) => explored.reduce((sum, one) => sum + one[count], 0));
}

function textOf(cell: Cell): string {
  return typeof cell === "number" ? cell.toLocaleString("en") : cell;
}

const part = {
  page: "reliability.md",
  name: "orders",
  by: "`LONG=1 GENERATE=1 npm test -- tests/sandbox/lifecycle/interleaving/explorations.test.ts`",
} as const satisfies GeneratedPart;

/** The page with the table of what was explored. */
export function withOrders(page: string, explored: readonly (readonly Explored[])[]): string {
  return withPart(page, part, ordersTable(explored));
}
