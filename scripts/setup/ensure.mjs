// @ts-check
import { withLock } from "./lock.mjs";
import { say, seconds, withHeartbeat } from "./progress.mjs";

/**
 * Makes a step ready unless it is. Of two concurrent commands one does the work: the other waits, and then finds the step ready.
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
