const minGapMilliseconds = 10_000;

/** Tells how far a long deletion is, not more often than is useful. */
export class DeletionProgress {
  readonly #label: string;
  readonly #total: number;
  readonly #tell: (text: string) => void;
  readonly #clock: () => number;
  readonly #start: number;
  #done = 0;
  #lastTold: number;

  /** `clock` in milliseconds, from any moment. */
  constructor(label: string, total: number, log: (text: string) => void, clock: () => number = () => performance.now()) {
    this.#label = label;
    this.#total = total;
    this.#tell = log;
    this.#clock = clock;
    this.#start = clock();
    this.#lastTold = this.#start;
  }

  advance(count: number): void {
    this.#done += count;
    const now = this.#clock();
    if (now - this.#lastTold < minGapMilliseconds || this.#done >= this.#total) return;
    this.#lastTold = now;
    const perSecond = (this.#done * 1_000) / (now - this.#start);
    const left = this.#total - this.#done;
    this.#tell(
      `${this.#label}: ${this.#done} of ${this.#total} deleted, ${left} left, ${Math.round(perSecond * 60)} a minute, about ${Math.ceil(left / perSecond)} s to go`,
    );
  }
}
