import { setTimeout as wait } from "node:timers/promises";

/** Waits. Rejects with the signal's reason as soon as that is aborted. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => {});
  signal?.throwIfAborted();
}
