import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";
import pLimit from "p-limit";
import { type GeneratedPart, withPart } from "../../generated-part";
import { loadingTypeScript } from "../../load-typescript";
import type { Cell, Outcome } from "./cell";
import { effects, kinds } from "./effects";
import { points } from "./points";

export interface PlayedCell extends Cell {
  readonly outcome: Outcome | undefined;
  /** What was lost, or not as it should be. */
  readonly problem: string | undefined;
}

/** Every effect at every point where it can strike. */
export const cells: readonly Cell[] = points.flatMap((point) =>
  effects.filter(({ strikes }) => strikes(point)).map((effect) => ({ point, effect })),
);

/** What came of the cell at a place. */
export interface Result {
  readonly place: number;
  readonly outcome?: Outcome;
  readonly problem?: string;
}

/** A process gets slower with each sandbox and each connection that it has had. */
const cellsOfProcess = 180;

/** Plays all cells, in one process at a time for each processor. */
export async function playAll(): Promise<PlayedCell[]> {
  const step = Math.ceil(cells.length / cellsOfProcess);
  const together = pLimit(availableParallelism());
  const shares = await Promise.all(Array.from({ length: step }, (_, first) => together(() => playShare(first, step))));
  const results = new Map(shares.flat().map((result) => [result.place, result]));
  return cells.map((cell, place) => {
    const { outcome, problem } = results.get(place) ?? { problem: "it was not played" };
    return { ...cell, outcome, problem };
  });
}

function playShare(first: number, step: number): Promise<Result[]> {
  const results: Result[] = [];
  const player = fork(path.join(__dirname, "player.ts"), [String(first), String(step)], { execArgv: [...loadingTypeScript] });
  player.on("message", (result: Result) => results.push(result));
  return new Promise((resolve, reject) => {
    player.once("error", reject);
    player.once("exit", () => resolve(results));
  });
}

type Counts = ReadonlyMap<string, number>;

const outcomes = ["went on", "stopped", "undone"] as const satisfies readonly Outcome[];

/** Effect by point, with how many cells were played and what came of them. */
function matrixTable(played: readonly PlayedCell[]): string {
  const columns = [...kinds, "cells", ...outcomes];
  const rows = points.map(({ name }) => rowOf(name, countsOf(played.filter(({ point }) => point.name === name))));
  const all = countsOf(played);
  return [
    `${played.length} cells played, ${played.filter(({ problem }) => problem === undefined).length} passed.`,
    "",
    `| point | ${columns.join(" | ")} |`,
    `|---|${columns.map(() => "---:|").join("")}`,
    ...rows,
    rowOf("**all**", all),
  ].join("\n");
}

function countsOf(played: readonly PlayedCell[]): Counts {
  const counts = new Map<string, number>([["cells", played.length]]);
  for (const { effect, outcome } of played) {
    counts.set(effect.kind, (counts.get(effect.kind) ?? 0) + 1);
    if (outcome !== undefined) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
}

function rowOf(name: string, counts: Counts): string {
  return `| ${[name, ...[...kinds, "cells", ...outcomes].map((column) => counts.get(column) ?? "")].join(" | ")} |`;
}

const part = { page: "reliability.md", name: "matrix", by: "`npm run generate`" } as const satisfies GeneratedPart;

/** The page with the table of what was played. */
export function withMatrix(page: string, played: readonly PlayedCell[]): string {
  return withPart(page, part, matrixTable(played));
}
