export interface Sizes {
  readonly onePackage: number;
  /** Sizes of the package in the plots. */
  readonly overSize: readonly number[];
  /** The largest package for the reference client, which takes 20 ms for each version. */
  readonly maxForReference: number;
  readonly packages: number;
  readonly versionsOfEach: number;
  readonly largePackage: number;
  readonly pure: readonly number[];
  readonly deletions: number;
  /** How often each of the engine's previews is timed. */
  readonly rounds: number;
}

export function sizesFor(quick: boolean): Sizes {
  if (quick) {
    return {
      onePackage: 200,
      overSize: [100, 200],
      maxForReference: 200,
      packages: 20,
      versionsOfEach: 100,
      largePackage: 5_000,
      pure: [1_000, 3_000, 10_000],
      deletions: 20,
      rounds: 3,
    };
  }
  return {
    onePackage: 1_000,
    overSize: [100, 300, 1_000, 3_000, 10_000],
    maxForReference: 3_000,
    packages: 200,
    versionsOfEach: 500,
    largePackage: 100_000,
    pure: [1_000, 3_000, 10_000, 30_000, 100_000],
    deletions: 270,
    rounds: 5,
  };
}
