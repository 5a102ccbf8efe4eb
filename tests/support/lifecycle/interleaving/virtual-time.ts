import { performance } from "node:perf_hooks";
import timers from "node:timers/promises";

interface Wait {
  readonly due: number;
  readonly end: () => void;
}

/**
 * The time of the code under test: its waits end when {@link VirtualTime.pass} says so, and in between no time passes. A time-out of a
 * request never comes, since the scheduler decides how long an answer takes.
 */
export class VirtualTime {
  #now = 0;
  #waits: Wait[] = [];
  readonly #giveBack: () => void;
  /** Called for each wait that begins. */
  onWait: () => void = () => undefined;

  constructor() {
    const real = {
      wait: timers.setTimeout,
      timeout: globalThis.setTimeout,
      now: performance.now,
      utilization: performance.eventLoopUtilization,
    };
    const replaced = {
      wait: (milliseconds = 0, value?: unknown, { signal }: { readonly signal?: AbortSignal } = {}) =>
        this.#wait(milliseconds, value, signal),
      timeout: () => never,
      now: () => this.#now,
      utilization: () => ({ idle: 0, active: 0, utilization: 0 }),
    };
    put(replaced as unknown as typeof real);
    this.#giveBack = () => put(real);
  }

  /** Lets the time pass to the end of the next wait, if there is one. */
  pass(): boolean {
    const [next] = this.#waits.toSorted((one, other) => one.due - other.due);
    if (next === undefined) return false;
    this.#waits = this.#waits.filter((wait) => wait !== next);
    this.#now = Math.max(this.#now, next.due);
    next.end();
    return true;
  }

  /** Begins anew: nobody waits any more. */
  reset(): void {
    this.#now = 0;
    this.#waits = [];
  }

  giveBack(): void {
    this.#giveBack();
  }

  #wait<Value>(milliseconds: number, value: Value, signal?: AbortSignal): Promise<Value> {
    this.onWait();
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waits = this.#waits.filter((other) => other !== wait);
        reject(signal?.reason);
      };
      const end = () => {
        signal?.removeEventListener("abort", abort);
        resolve(value);
      };
      const wait = { due: this.#now + milliseconds, end };
      if (signal?.aborted) abort();
      else this.#waits.push(wait);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }
}

/** A timer that never ends. */
const never = { refresh: () => never, ref: () => never, unref: () => never, hasRef: () => false, [Symbol.toPrimitive]: () => 0 };

interface Clocks {
  readonly wait: typeof timers.setTimeout;
  readonly timeout: typeof globalThis.setTimeout;
  readonly now: typeof performance.now;
  readonly utilization: typeof performance.eventLoopUtilization;
}

function put({ wait, timeout, now, utilization }: Clocks): void {
  timers.setTimeout = wait;
  globalThis.setTimeout = timeout;
  performance.now = now;
  performance.eventLoopUtilization = utilization;
}
