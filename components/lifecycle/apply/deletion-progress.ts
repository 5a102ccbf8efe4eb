const minGapMilliseconds = 10_000;

/** Logs the progress of a long deletion, every ten seconds or less often. */
export class DeletionProgress {
  readonly #label: string;
  readonly #total: number;
  readonly #log: (text: string) => void;
  readonly #clock: () => number;
  readonly #start: number;
  #done = 0;
  #lastLogged: number;

  /** `clock` in milliseconds, from any moment. */
  constructor(label: string, total: number, log: (text: string) => void, clock: () => number = () => performance.now()) {
    this.#label = label;
    this.#total = total;
    this.#log = log;
    this.#clock = clock;
    this.#start = clock();
    this.#lastLogged = this.#start;
  }

  advance(count: number): void {
    this.#done += count;
    const now = this.#clock();
    if (now - this.#lastLogged < minGapMilliseconds || this.#done >= this.#total) return;
    this.#lastLogged = now;
    const perSecond = (this.#done * 1_000) / (now - this.#start);
    const left = this.#total - this.#done;
    this.#log(
      `${this.#label}: ${this.#done} of ${this.#total} deleted, ${left} left, ${Math.round(perSecond * 60)} a minute, about ${Math.ceil(left / perSecond)} s to go`,
    );
  }
}
