import { pause } from "./pause";
import { type Headers, headerOf } from "./response";

/** GitHub's limits last an hour at most; a longer wait would keep a run waiting for ever. */
export const maxWaitSeconds = 3_900;

/** The limits that a server announces; an unnamed one carries none of the words and headers of the others. */
export type Limit = "primary" | "secondary" | "unnamed" | "registry";

/** A response that another attempt may replace, or a request that got none. */
export interface Failure {
  readonly server: keyof typeof servers;
  readonly method: string;
  /** Absent when no response began. */
  readonly status?: number;
  readonly headers: Headers;
  readonly message: string;
}

/** How often a request was repeated so far, by cause. */
export interface Repeats {
  readonly limits: number;
  readonly failures: number;
}

export type Decision =
  | { readonly action: "retry"; readonly seconds: number; readonly limit?: Limit }
  | { readonly action: "give up"; readonly limit?: Limit };

const servers = {
  github: {
    maxLimitRepeats: 5,
    maxFailureRepeats: 3,
    backoffSeconds: (repeats: number) => (repeats + 1) ** 2,
    // These say the same however often they are requested; all other refusals may pass.
    isFinal: (status: number) => status < 400 || [400, 401, 403, 404, 410, 422, 429, 451].includes(status),
  },
  registry: {
    maxLimitRepeats: 4,
    maxFailureRepeats: 4,
    backoffSeconds: (repeats: number) => 0.3 * 2 ** repeats,
    isFinal: (status: number) => ![408, 429, 500, 502, 503, 504].includes(status),
  },
};

/** Reports whether another attempt gets the same response, unless it is one of a limit. */
export function isFinal(server: Failure["server"], status: number): boolean {
  return servers[server].isFinal(status);
}

/** Decides whether to repeat a request, and after how many seconds. `now` is the local clock, epoch milliseconds. Pure. */
export function decideRetry(failure: Failure, repeats: Repeats, now: number): Decision {
  const { server, method, status, headers } = failure;
  const { maxLimitRepeats, maxFailureRepeats, backoffSeconds } = servers[server];
  // A tag that is put back is confirmed by reading it; a repeated PUT could undo a push in between.
  const maxRepeats = server === "registry" && method === "PUT" ? 0 : Number.POSITIVE_INFINITY;
  const limit = limitOf(failure, repeats.limits, now);
  if (limit !== undefined) {
    const isTooLong = limit.seconds > maxWaitSeconds;
    if (isTooLong || repeats.limits >= Math.min(maxLimitRepeats, maxRepeats)) return { action: "give up", limit: limit.limit };
    return { action: "retry", ...limit };
  }
  if (status !== undefined && isFinal(server, status)) return { action: "give up" };
  if (repeats.failures >= Math.min(maxFailureRepeats, maxRepeats)) return { action: "give up" };
  // https://www.rfc-editor.org/rfc/rfc9110#status.503
  const seconds = (status === 503 ? retryAfter(headers) : undefined) ?? backoffSeconds(repeats.failures);
  return seconds > maxWaitSeconds ? { action: "give up" } : { action: "retry", seconds };
}

interface ReachedLimit {
  readonly limit: Limit;
  readonly seconds: number;
}

function limitOf({ server, status, headers, message }: Failure, repeats: number, now: number): ReachedLimit | undefined {
  const after = retryAfter(headers);
  // https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes: GHCR's has no header, and lasts milliseconds.
  if (server === "registry") {
    return status === 429 ? { limit: "registry", seconds: after ?? servers.registry.backoffSeconds(repeats) } : undefined;
  }
  if (status !== 403 && status !== 429) return undefined;
  const doubledMinute = 60 * 2 ** repeats;
  // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
  if (/\bsecondary rate\b/i.test(message)) return { limit: "secondary", seconds: after || doubledMinute };
  // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit
  if (headerOf(headers, "x-ratelimit-remaining") === "0") {
    return { limit: "primary", seconds: secondsToReset(headers, now) ?? after ?? doubledMinute };
  }
  // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
  if (after !== undefined) return { limit: "unnamed", seconds: after };
  // https://www.rfc-editor.org/rfc/rfc6585#section-4, with the wait that the page above asks for.
  if (status === 429) return { limit: "unnamed", seconds: doubledMinute };
  // The limit of an installation, such as GITHUB_TOKEN's, comes without any header: its words alone tell it from a permission.
  if (/\brate limit\b/i.test(message)) return { limit: "primary", seconds: doubledMinute };
  // Without any of these, 403 refuses a permission.
  return undefined;
}

/** One second past the reset, where it is told. */
function secondsToReset(headers: Headers, now: number): number | undefined {
  const reset = Number(headerOf(headers, "x-ratelimit-reset") || Number.NaN);
  return Number.isNaN(reset) ? undefined : Math.max(0, Math.ceil(reset - now / 1_000) + 1);
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after; a date is compared with the server's own clock. */
function retryAfter(headers: Headers): number | undefined {
  const after = headerOf(headers, "retry-after");
  if (after === undefined) return undefined;
  const seconds = /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - Date.parse(headerOf(headers, "date") ?? "")) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

/** A limit that lasted, or lasts longer than a run waits. Its cause is the last attempt's error. */
export class LimitLasts extends Error {
  override readonly name = "LimitLasts";
  constructor(
    /** How often the run waited for it. */
    readonly waits: number,
    cause: unknown,
  ) {
    super("a rate limit lasts", { cause });
  }
}

export interface RetryOptions {
  /** Length of a second of waiting, milliseconds. */
  readonly second: number;
  /** Describes an error that is a response or the lack of one; `undefined` for any other, which is thrown at once. */
  readonly failureOf: (error: unknown) => Failure | undefined;
  /** Called for each limit reached; `seconds` is absent when the request is not repeated. */
  readonly onLimit: (limit: Limit, seconds: number | undefined) => void;
  /** Ends the waits between attempts; an attempt under way is not cut off. */
  readonly signal?: AbortSignal | undefined;
}

/** Repeats a request as {@link decideRetry} says. Throws the last attempt's error, {@link LimitLasts}, or the signal's reason. */
export async function withRetries<Result>(options: RetryOptions, attempt: () => Promise<Result>): Promise<Result> {
  const { second, failureOf, onLimit, signal } = options;
  const repeats = { limits: 0, failures: 0 };
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined) throw error;
      const decision = decideRetry(failure, repeats, Date.now());
      const seconds = decision.action === "retry" ? decision.seconds : undefined;
      if (decision.limit !== undefined) onLimit(decision.limit, seconds);
      if (seconds === undefined) throw decision.limit === undefined ? error : new LimitLasts(repeats.limits, error);
      repeats[decision.limit === undefined ? "failures" : "limits"] += 1;
      await pause(seconds * second, signal);
    }
  }
}
