import pLimit from "p-limit";
import { play } from "./cell";
import { cells, type Result } from "./matrix";

/** Plays every so-maniest cell, side by side, and tells its parent what came of each. */
async function playShare(first: number, step: number): Promise<void> {
  const together = pLimit(16);
  const mine = cells.flatMap((cell, place) => (place % step === first ? [{ cell, place }] : []));
  await Promise.all(mine.map(({ cell, place }) => together(async () => tell({ place, ...(await resultOf(cell)) }))));
}

async function resultOf(cell: (typeof cells)[number]): Promise<Omit<Result, "place">> {
  try {
    return { outcome: await play(cell) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function tell(result: Result): Promise<void> {
  return new Promise((resolve, reject) => process.send?.(result, (error: Error | null) => (error ? reject(error) : resolve())));
}

const [first, step] = process.argv.slice(2).map(Number);
void playShare(first ?? 0, step ?? 1).then(
  () => process.exit(0),
  () => process.exit(1),
);
