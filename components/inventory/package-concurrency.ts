import pLimit from "p-limit";

const minPackages = 12;
const maxPackages = 48;

/** The queue of the busiest server: the number of waiting requests, and its concurrency. */
export interface Load {
  readonly waiting: number;
  readonly concurrency: number;
}

/**
 * Observes as many packages at a time as keep a server busy: more would fill the memory and all finish at the very end. One
 * more after each package at whose end no request waited, one less where more than a whole round did.
 */
export class PackageConcurrency {
  readonly #limit = pLimit(minPackages);
  readonly #load: () => Load;

  constructor(load: () => Load) {
    this.#load = load;
  }

  get concurrency(): number {
    return this.#limit.concurrency;
  }

  run<Result>(observe: () => Promise<Result>): Promise<Result> {
    return this.#limit(async () => {
      try {
        return await observe();
      } finally {
        this.#adjust(this.#load());
      }
    });
  }

  #adjust({ waiting, concurrency }: Load): void {
    if (waiting === 0) this.#limit.concurrency = Math.min(maxPackages, this.concurrency + 1);
    else if (waiting > concurrency) this.#limit.concurrency = Math.max(minPackages, this.concurrency - 1);
  }
}
