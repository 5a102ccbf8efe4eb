/** One of several works that are compared with each other. */
export interface Contender {
  readonly name: string;
  /** What is not timed. */
  before?(): Promise<void>;
  run(): Promise<unknown>;
}

/** Times each in turn, round after round, so that what else the machine does meets all of them alike; returns the medians in ms. */
export async function medians(contenders: readonly Contender[], rounds: number): Promise<(name: string) => number> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  // The first round fills the disk's cache.
  for (let round = 0; round <= rounds; round++) {
    for (const contender of contenders) {
      await contender.before?.();
      const start = performance.now();
      await contender.run();
      if (round > 0) times.get(contender.name)?.push(performance.now() - start);
    }
  }
  return (name) => times.get(name)?.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}
