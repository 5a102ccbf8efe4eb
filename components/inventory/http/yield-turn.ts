/** So many pieces at the most wait for each that is done in a turn. */
const maxWaiting = 16;
const waiting: (() => void)[] = [];

/**
 * For work on an answer that can wait: resolves in a turn of the event loop to come, a piece or a few in each. undici sends requests at
 * the end of a turn; with all the work before it, they would go out in bursts, and the server would wait meanwhile.
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
