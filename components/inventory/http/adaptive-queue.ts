import pLimit, { type LimitFunction } from "p-limit";

export interface AdaptiveQueueOptions {
  readonly start: number;
  readonly min: number;
  readonly max: number;
  /** Number of tasks of one package in the common queue, so that a large package does not hold up the small ones. */
  readonly perPackage: number;
  readonly clock?: Clock;
}

/** Milliseconds that passed, and those of them in which this process was idle. */
export type Clock = () => { readonly passed: number; readonly idle: number };

/** An average wait above the fastest response by this factor means that the server is busy. */
const slowFactor = 4;

/**
 * Runs tasks of many packages concurrently: the concurrency doubles after each full round of quick responses, or rises by one
 * once it was lowered; it falls by a quarter after a round of slow responses, and by half when the server pushes back.
 */
export class AdaptiveQueue {
  readonly #options: AdaptiveQueueOptions;
  readonly #clock: Clock;
  readonly #common: LimitFunction;
  readonly #ofPackage = new Map<string, LimitFunction>();
  #best = Number.POSITIVE_INFINITY;
  #responses = 0;
  #waited = 0;
  #hasSlowedDown = false;
  /** Responses still to come to requests from before the last slowdown: they say nothing about the new pace. */
  #stale = 0;

  constructor(options: AdaptiveQueueOptions) {
    this.#options = options;
    this.#clock = options.clock ?? ownClock;
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
    if (this.#isStale()) return;
    this.#slowDown(Math.floor(this.concurrency / 2));
  }

  async #timed<Result>(task: () => Promise<Result>): Promise<Result> {
    const start = this.#clock();
    const result = await task();
    const end = this.#clock();
    // Computation in this process is no sign of a slow server, so only idle time counts as waiting.
    this.#learn(end.passed - start.passed, end.idle - start.idle);
    return result;
  }

  #learn(took: number, waited: number): void {
    this.#best = Math.min(this.#best, took);
    if (this.#isStale()) return;
    this.#responses += 1;
    this.#waited += waited;
    if (this.#responses < this.concurrency) return;
    const average = this.#waited / this.#responses;
    if (average > this.#best * slowFactor) this.#slowDown(Math.floor((this.concurrency * 3) / 4));
    else this.#goOn(this.#hasSlowedDown ? this.concurrency + 1 : this.concurrency * 2);
  }

  #isStale(): boolean {
    if (this.#stale === 0) return false;
    this.#stale -= 1;
    return true;
  }

  #slowDown(wanted: number): void {
    this.#hasSlowedDown = true;
    this.#stale = Math.max(0, this.#common.activeCount - 1);
    this.#goOn(Math.max(this.#options.min, wanted));
  }

  #goOn(concurrency: number): void {
    this.#responses = 0;
    this.#waited = 0;
    this.#common.concurrency = Math.min(this.#options.max, concurrency);
  }
}

function ownClock(): ReturnType<Clock> {
  return { passed: performance.now(), idle: performance.eventLoopUtilization().idle };
}
