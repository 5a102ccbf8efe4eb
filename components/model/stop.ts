/** Why a run ends before its work is done. */
export type StopCause =
  /** The engine told its providers to cancel: somebody pressed Ctrl-C. */
  | { readonly kind: "cancelled" }
  /** The process itself received a signal. */
  | { readonly kind: "signal"; readonly signal: NodeJS.Signals }
  /** The engine ended, or no longer waits for the answer: nothing can be recorded any more. */
  | { readonly kind: "engine gone" };

/** The reason with which a run's {@link StopSignals} are aborted. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  override readonly cause: StopCause;

  constructor(cause: StopCause) {
    super(`stopped: ${cause.kind}`);
    this.cause = cause;
  }
}

/** Tells a run to end early; both are aborted with a {@link Stopped}. */
export interface StopSignals {
  /** No further change of the registry may begin. */
  readonly changes: AbortSignal;
  /** What was changed may no longer be verified: it is aborted later than `changes`, or with it if the engine is gone. */
  readonly verification: AbortSignal;
}

/** The signals of a run that only the end of its process stops. */
export function unstoppable(): StopSignals {
  const { signal } = new AbortController();
  return { changes: signal, verification: signal };
}

/** Settles as `work` does, unless the signal is aborted first: then it rejects with the signal's reason, and `work` is left to itself. */
export function untilStopped<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
