// @ts-check
import { withLock } from "./lock.mjs";
import { say, seconds, withHeartbeat } from "./progress.mjs";

/**
 * Makes one step ready, if it is not. Two commands started at once do the work once: the second waits, then finds it ready.
 * @param {import("./progress.mjs").Step} step
 */
export async function ensure(step) {
  const started = Date.now();
  const made = (await step.ready()) ?? (await withLock(step.name, () => makeReady(step)));
  say(`${step.name}: ${made} (${seconds(Date.now() - started)})`);
}

/** @param {import("./progress.mjs").Step} step */
async function makeReady(step) {
  return (await step.ready()) ?? withHeartbeat(step.name, step.make);
}
