import { setTimeout as wait } from "node:timers/promises";

type Task<Arguments extends unknown[], Result> = (...args: Arguments) => Promise<Result>;
/** Milliseconds after which to try again; nothing where the failure stands. */
type OnFailed = (error: unknown, info: { readonly args: readonly unknown[]; readonly retryCount: number }) => Promise<number | undefined>;

/**
 * What the throttling takes of a `Bottleneck` for its tries. Nothing queues in it, and a real one costs each call more time
 * than the call itself.
 */
export class Tries {
  #onFailed: OnFailed = async () => undefined;

  on(_event: "failed", listener: OnFailed): void {
    this.#onFailed = listener;
  }

  async schedule<Arguments extends unknown[], Result>(task: Task<Arguments, Result>, ...args: Arguments): Promise<Result> {
    for (let retryCount = 0; ; retryCount++) {
      try {
        return await task(...args);
      } catch (error) {
        const milliseconds = await this.#onFailed(error, { args, retryCount });
        if (milliseconds === undefined) throw error;
        await wait(milliseconds);
      }
    }
  }
}

/** What the throttling takes of a queue in which nothing waits. */
export function callAtOnce<Arguments extends unknown[], Result>(
  _options: object,
  task: Task<Arguments, Result>,
  ...args: Arguments
): Promise<Result> {
  return task(...args);
}
