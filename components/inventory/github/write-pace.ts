import pLimit from "p-limit";
import { pause } from "../http/pause";

/** Points of GitHub's secondary limit, 900 a minute: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#calculating-points-for-the-secondary-rate-limit */
const pointsOfWrite = 5;
const pointsOfRead = 1;

const minute = 60_000;
/** GitHub advises a second between writes and allows three in one: the pace starts at the advice. */
const startFraction = 1 / 3;
const minFraction = 1 / 30;
/** Fraction of the maximum gained with each successful write: sixty of them reach it. */
const stepFraction = 1 / 90;

/**
 * The pace of writes, over all packages: starts at a third of the maximum, rises while no limit is reached, and is halved when
 * one is. Reads between two writes cost points as well, so the next write waits for those, too.
 */
export class WritePace {
  readonly #queue = pLimit(1);
  readonly #max: number;
  #perMinute: number;
  #reads = 0;
  /** Start of the last write on the process's monotonic clock, milliseconds. */
  #last = Number.NEGATIVE_INFINITY;

  constructor(maxPerMinute: number) {
    this.#max = maxPerMinute;
    this.#perMinute = maxPerMinute * startFraction;
  }

  get perMinute(): number {
    return this.#perMinute;
  }

  /** Milliseconds from the start of one write to that of the next. */
  get gap(): number {
    const perPoint = minute / (this.#perMinute * pointsOfWrite);
    return Math.ceil((pointsOfWrite + this.#reads * pointsOfRead) * perPoint);
  }

  /** Resolves when the next write may start. Rejects with the signal's reason as soon as that is aborted. */
  nextWrite(signal?: AbortSignal): Promise<void> {
    return this.#queue(async () => {
      const milliseconds = this.#last + this.gap - performance.now();
      if (milliseconds > 0) await pause(milliseconds, signal);
      signal?.throwIfAborted();
      this.#last = performance.now();
    });
  }

  wasRead(): void {
    this.#reads += 1;
  }

  wentWell(): void {
    this.#setPace(this.#perMinute + this.#max * stepFraction);
  }

  pushedBack(): void {
    this.#setPace(this.#perMinute / 2);
  }

  #setPace(perMinute: number): void {
    this.#perMinute = Math.min(this.#max, Math.max(this.#max * minFraction, perMinute));
    this.#reads = 0;
  }
}
