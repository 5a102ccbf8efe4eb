/** A shorter wait is not worth a line, seconds. */
const minSeconds = 5;

/** Tells when a long wait ends; of many requests that wait for the same, one tells. */
export class WaitAnnouncer {
  readonly #tell: (text: string) => void;
  #until = 0;

  constructor(log: (text: string) => void) {
    this.#tell = log;
  }

  /** `seconds` from now everything goes on. The local clock is good enough: it decides nothing. */
  announce(why: string, seconds: number): void {
    const until = Date.now() + seconds * 1_000;
    if (seconds < minSeconds || until < this.#until + minSeconds * 1_000) return;
    this.#until = until;
    this.#tell(`${why}: going on at ${new Date(until).toISOString().slice(11, 19)} UTC, in ${Math.ceil(seconds)} s`);
  }
}
