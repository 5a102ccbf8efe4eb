import pLimit from "p-limit";

const minPackages = 12;
const maxPackages = 48;

/** How much waits for its turn with the server that takes the most time, and how much of it is under way at once. */
export interface Load {
  readonly waiting: number;
  readonly concurrency: number;
}

/**
 * Lets as many packages be looked at side by side as keep a server busy: more would hold in memory what nobody works on, and
 * all be done at the very end. One more after each package at whose end nothing waited, one less where a whole round did.
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

  run<Result>(look: () => Promise<Result>): Promise<Result> {
    return this.#limit(async () => {
      try {
        return await look();
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
