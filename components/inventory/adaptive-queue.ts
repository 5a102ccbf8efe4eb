import pLimit, { type LimitFunction } from "p-limit";

export interface AdaptiveQueueOptions {
  readonly start: number;
  readonly least: number;
  readonly most: number;
  /** So many of one package wait in the common queue at once, so that a large package does not hold up the small ones. */
  readonly perPackage: number;
}

/** Answers slower than the best by this factor say that the server has enough to do. */
const slowFactor = 4;

/**
 * Runs tasks of many packages side by side: one more for each full round of quick answers, half as many when the server
 * pushes back, one less while its answers get slower.
 */
export class AdaptiveQueue {
  readonly #options: AdaptiveQueueOptions;
  readonly #common: LimitFunction;
  readonly #ofPackage = new Map<string, LimitFunction>();
  #best = Number.POSITIVE_INFINITY;
  #average = 0;
  #quick = 0;

  constructor(options: AdaptiveQueueOptions) {
    this.#options = options;
    this.#common = pLimit(options.start);
  }

  get concurrency(): number {
    return this.#common.concurrency;
  }

  run<Result>(packageLabel: string, task: () => Promise<Result>): Promise<Result> {
    const own = this.#ofPackage.get(packageLabel) ?? pLimit(this.#options.perPackage);
    this.#ofPackage.set(packageLabel, own);
    return own(() => this.#common(() => this.#timed(task)));
  }

  /** The server answered 429 or the like. */
  pushedBack(): void {
    this.#quick = 0;
    this.#setConcurrency(Math.floor(this.concurrency / 2));
  }

  async #timed<Result>(task: () => Promise<Result>): Promise<Result> {
    const start = performance.now();
    const result = await task();
    this.#learn(performance.now() - start);
    return result;
  }

  #learn(milliseconds: number): void {
    this.#best = Math.min(this.#best, milliseconds);
    this.#average = this.#average === 0 ? milliseconds : this.#average * 0.9 + milliseconds * 0.1;
    if (this.#average > this.#best * slowFactor) {
      this.#quick = 0;
      this.#setConcurrency(this.concurrency - 1);
    } else if (++this.#quick >= this.concurrency) {
      this.#quick = 0;
      this.#setConcurrency(this.concurrency + 1);
    }
  }

  #setConcurrency(wanted: number): void {
    this.#common.concurrency = Math.min(this.#options.most, Math.max(this.#options.least, wanted));
  }
}
