/**
 * Pulumi takes a stack trace for each of some hundred promises of a resource, to name it in case it leaks: half of the time a resource
 * costs. Suppresses them until the returned function is called, unless PULUMI_DEBUG_PROMISE_LEAKS is set.
 */
export function suppressStackTraces(): () => void {
  const { stackTraceLimit } = Error;
  if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
  };
}

export function withoutStackTraces<Result>(make: () => Result): Result {
  const restore = suppressStackTraces();
  try {
    return make();
  } finally {
    restore();
  }
}
