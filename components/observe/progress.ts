/** Milliseconds before the first line, so that a quick preview logs none. */
const quick = 5_000;
/** Milliseconds between lines, in a terminal and in a log that is read later. */
const gaps = { watched: 5_000, logged: 30_000 };

export interface ObserveProgressOptions {
  readonly log: (text: string) => void;
  /** Whether the lines go to a CI log, which keeps every one. */
  readonly logged: boolean;
  /** Milliseconds; the local clock is good enough here. */
  readonly clock?: () => number;
}

/** Logs the progress of observing all packages now and then: packages, manifests read and cached, and the time to go. */
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

  /** Counts manifests that need not be read, since an earlier run cached them. */
  remembered(count: number): void {
    this.#remembered += count;
  }

  /** Counts manifests that are about to be read. */
  asked(count: number): void {
    this.#asked += count;
  }

  read(): void {
    this.#read += 1;
    this.#logInTime();
  }

  /** Counts a package as done, whether or not it could be read. */
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
    const packages = `looked at ${this.#done} of ${this.#packages} ${this.#packages === 1 ? "package" : "packages"}`;
    const manifests = `${count(this.#read)} ${this.#read === 1 ? "manifest" : "manifests"} read, ${count(this.#remembered)} remembered`;
    const left = this.#asked - this.#read;
    // More manifests to read may turn up on the way, so this is a lower bound.
    const seconds = Math.ceil((left * passed) / Math.max(1, this.#read) / 1_000);
    return left > 0 ? `${packages}; ${manifests}; at least ${seconds} s to go` : `${packages}; ${manifests}`;
  }
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
