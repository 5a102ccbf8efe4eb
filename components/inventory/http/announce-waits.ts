/** Shorter waits are not announced, seconds. */
const minSeconds = 5;

/** Logs when a long wait ends, once for all requests that wait for the same. */
export class WaitAnnouncer {
  readonly #log: (text: string) => void;
  #until = 0;

  constructor(log: (text: string) => void) {
    this.#log = log;
  }

  /** Logs a wait of `seconds` from now. The local clock is good enough: it decides nothing. */
  announce(why: string, seconds: number): void {
    const until = Date.now() + seconds * 1_000;
    if (seconds < minSeconds || until < this.#until + minSeconds * 1_000) return;
    this.#until = until;
    this.#log(`${why}: going on at ${new Date(until).toISOString().slice(11, 19)} UTC, in ${Math.ceil(seconds)} s`);
  }
}
