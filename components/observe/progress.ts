/** Milliseconds before the first line: a quick preview has none. */
const quick = 5_000;
/** Milliseconds between lines: where somebody watches, and in a log that is read later. */
const gaps = { watched: 5_000, logged: 30_000 };

export interface ObserveProgressOptions {
  readonly log: (text: string) => void;
  /** A CI's log, which keeps every line. */
  readonly logged: boolean;
  /** Milliseconds; the local clock is good enough here. */
  readonly clock?: () => number;
}

/** How far the looks of all packages are, told now and then: packages, manifests, what was remembered, time to go. */
export class ObserveProgress {
  readonly #options: ObserveProgressOptions;
  readonly #clock: () => number;
  #start: number | undefined;
  #logged = 0;
  #packages = 0;
  #done = 0;
  #asked = 0;
  #read = 0;
  #remembered = 0;

  constructor(options: ObserveProgressOptions) {
    this.#options = options;
    this.#clock = options.clock ?? performance.now.bind(performance);
  }

  began(): void {
    this.#start ??= this.#clock();
    this.#packages += 1;
  }

  /** So many manifests need not be read, since an earlier run read them. */
  remembered(count: number): void {
    this.#remembered += count;
  }

  /** So many more manifests are to be read. */
  asked(count: number): void {
    this.#asked += count;
  }

  read(): void {
    this.#read += 1;
    this.#logInTime();
  }

  /** A package is done, or cannot be read. */
  ended(): void {
    this.#done += 1;
    this.#logInTime();
  }

  #logInTime(): void {
    const now = this.#clock();
    const gap = this.#logged === 0 ? quick : this.#options.logged ? gaps.logged : gaps.watched;
    const since = this.#logged === 0 ? (this.#start ?? now) : this.#logged;
    if (this.#done === this.#packages || now - since < gap) return;
    this.#logged = now;
    this.#options.log(this.#text(now - (this.#start ?? now)));
  }

  #text(passed: number): string {
    const looked = `looked at ${this.#done} of ${this.#packages} ${this.#packages === 1 ? "package" : "packages"}`;
    const manifests = `${count(this.#read)} manifests read, ${count(this.#remembered)} remembered`;
    const left = this.#asked - this.#read;
    // What else is to be read shows only on the way, so it is the least.
    const seconds = Math.ceil((left * passed) / Math.max(1, this.#read) / 1_000);
    return left > 0 ? `${looked}; ${manifests}; at least ${seconds} s to go` : `${looked}; ${manifests}`;
  }
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
