import { setTimeout as wait } from "node:timers/promises";

/** Waits until something holds. Throws where that takes longer than `seconds`. */
export async function waitFor(what: string, seconds: number, holds: () => boolean): Promise<void> {
  for (let left = seconds * 50; !holds(); left--) {
    if (left <= 0) throw new Error(`${what}: not within ${seconds} s`);
    await wait(20);
  }
}
