import pLimit from "p-limit";
import { type Cell, type Outcome, play } from "./cell";
import { effects } from "./effects";
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

/** Plays the cells side by side. */
export function playAll(which: readonly Cell[] = cells): Promise<PlayedCell[]> {
  const together = pLimit(16);
  return Promise.all(which.map((cell) => together(() => playOne(cell))));
}

async function playOne(cell: Cell): Promise<PlayedCell> {
  try {
    return { ...cell, outcome: await play(cell), problem: undefined };
  } catch (error) {
    return { ...cell, outcome: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
}
