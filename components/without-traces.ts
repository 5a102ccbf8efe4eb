/**
 * Pulumi takes a stack trace for each promise that it makes, to name it in case it leaks: that costs more than the promise.
 * PULUMI_DEBUG_PROMISE_LEAKS brings them back.
 */
export function withoutTraces<Result>(make: () => Result): Result {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return make();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
