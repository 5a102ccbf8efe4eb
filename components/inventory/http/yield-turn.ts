/** Number of waiting pieces per piece that is released in a turn. */
const maxWaiting = 16;
const waiting: (() => void)[] = [];

/**
 * Defers work on a response: resolves in a later turn of the event loop, for one or a few callers per turn. undici sends requests at
 * the end of a turn; with all the work before it, they would go out in bursts while the server waits.
 */
export function yieldTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(releaseSome);
  });
}

function releaseSome(): void {
  for (const resolve of waiting.splice(0, Math.ceil(waiting.length / maxWaiting))) resolve();
  if (waiting.length > 0) setImmediate(releaseSome);
}
