/** How a run waits, and tells about it. Tests advance the sandbox's clock instead of waiting. */
export interface Pace {
  /** Rejects when the run is interrupted. */
  pause(seconds: number): Promise<void>;
  say(text: string): void;
}

const interval = 2;

/** Asks until an answer is there, for a bounded time; `undefined` where none came. Says what it waits for. */
export async function until<Answer>(
  { pause, say }: Pace,
  what: string,
  seconds: number,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  for (let waited = 0; ; waited += interval) {
    const answer = await ask();
    if (answer !== undefined || waited >= seconds) return answer;
    say(`    ${what}: waiting, ${waited} of at most ${seconds} s`);
    await pause(interval);
  }
}
