import pLimit, { type LimitFunction } from "p-limit";

export interface AdaptiveQueueOptions {
  readonly start: number;
  readonly min: number;
  readonly max: number;
  /** So many of one package wait in the common queue at once, so that a large package does not hold up the small ones. */
  readonly perPackage: number;
  readonly clock?: Clock;
}

/** Milliseconds that passed, and those of them in which this process had nothing to do but wait. */
export type Clock = () => { readonly passed: number; readonly idle: number };

/** Waits longer than the best answer took by this factor say that the server has enough to do. */
const slowFactor = 4;

/**
 * Runs tasks of many packages side by side: after each full round of quick answers twice as many, and once it had to slow down
 * one more; a quarter less after a round of slow answers, half as many when the server pushes back.
 */
export class AdaptiveQueue {
  readonly #options: AdaptiveQueueOptions;
  readonly #clock: Clock;
  readonly #common: LimitFunction;
  readonly #ofPackage = new Map<string, LimitFunction>();
  #best = Number.POSITIVE_INFINITY;
  #answers = 0;
  #waited = 0;
  #hasSlowedDown = false;
  /** Answers still to come to what was asked before the last slowing down: they say nothing of the new pace. */
  #stale = 0;

  constructor(options: AdaptiveQueueOptions) {
    this.#options = options;
    this.#clock = options.clock ?? ownClock;
    this.#common = pLimit(options.start);
  }

  get concurrency(): number {
    return this.#common.concurrency;
  }

  /** What waits in the common queue. */
  get waiting(): number {
    return this.#common.pendingCount;
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
    // What this process computes meanwhile is no sign of a slow server, so only idle time counts as waiting.
    this.#learn(end.passed - start.passed, end.idle - start.idle);
    return result;
  }

  #learn(took: number, waited: number): void {
    this.#best = Math.min(this.#best, took);
    if (this.#isStale()) return;
    this.#answers += 1;
    this.#waited += waited;
    if (this.#answers < this.concurrency) return;
    const average = this.#waited / this.#answers;
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
    this.#answers = 0;
    this.#waited = 0;
    this.#common.concurrency = Math.min(this.#options.max, concurrency);
  }
}

function ownClock(): ReturnType<Clock> {
  return { passed: performance.now(), idle: performance.eventLoopUtilization().idle };
}
