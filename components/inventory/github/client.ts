import { setTimeout as wait } from "node:timers/promises";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { RequestError } from "@octokit/request-error";
import { Octokit } from "@octokit/rest";
import { AdaptiveQueue } from "../http/adaptive-queue";
import type { WaitAnnouncer } from "../http/announce-waits";
import { boundedFetch } from "../http/bounded-fetch";
import type { Endpoints } from "../http/endpoints";
import { HttpClient } from "../http/http";
import { maxWaitSeconds } from "../http/retry-policy";
import type { OwnerAnswer } from "./route";
import { callAtOnce, Tries } from "./throttle-shims";
import { WritePace } from "./write-pace";

/** GitHub's API, signed in. */
export interface GitHubConnection {
  readonly octokit: Octokit;
  /** Orders the reading calls of all packages. */
  readonly queue: AdaptiveQueue;
  /** The kind of each owner, requested once for all of its packages. */
  readonly owners: Map<string, Promise<OwnerAnswer>>;
  /** Waits before a call is repeated. */
  pause(seconds: number): Promise<void>;
}

export interface GitHubOptions extends Pick<Endpoints, "githubApiUrl" | "deletionsPerMinute"> {
  readonly token: string;
  /** Length of a second of waiting, milliseconds. */
  readonly second: number;
  readonly waits: WaitAnnouncer;
}

export function openGitHub(options: GitHubOptions): GitHubConnection {
  return {
    octokit: createOctokit(options),
    queue: new AdaptiveQueue({ start: 16, min: 2, max: maxConcurrentCalls, perPackage: maxConcurrentCalls }),
    owners: new Map(),
    pause: (seconds) => wait(seconds * options.second),
  };
}

function createOctokit({ githubApiUrl, deletionsPerMinute, token, second, waits }: GitHubOptions): Octokit {
  const RetryingOctokit = Octokit.plugin(retry, throttling);
  const pace = new WritePace(deletionsPerMinute);
  const goOn = (which: string) => (seconds: number, _request: unknown, _octokit: unknown, retryCount: number) => {
    pace.pushedBack();
    if (retryCount >= maxRateLimitRetries || seconds > maxWaitSeconds) return false;
    waits.announce(`GitHub's ${which} rate limit is reached`, seconds);
    return true;
  };
  const queues = {
    // The plugin's own lets ten requests through at once; here the queue of calls decides.
    global: { key: () => ({ schedule: callAtOnce }) },
    // The plugin's own sends one write a second for ever.
    write: pace.group,
    retryLimiter: new Tries(),
  };
  const octokit = new RetryingOctokit({
    auth: token,
    baseUrl: githubApiUrl.replace(/\/+$/, ""),
    userAgent: "ghcr-retention",
    log: silent,
    // Without a log of its own a request prints what GitHub says of deprecations. Its reading of JSON looks for large
    // integers, of which a list of versions has none, and takes longer than everything else about a page.
    request: { fetch: boundedFetch(new HttpClient(maxConcurrentCalls)), log: silent, parseSuccessResponseBody: false },
    // Of limits (429) the throttling takes care: each of its tries would be tried again.
    retry: { retryAfterBaseValue: second, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
    throttle: {
      retryAfterBaseValue: second,
      ...queues,
      onRateLimit: goOn("primary"),
      onSecondaryRateLimit: goOn("secondary"),
    },
  });
  octokit.hook.wrap("request", async (request, options) => {
    for (let attempt = 0; ; attempt++) {
      try {
        const response = await request(options);
        if (options.method === "GET") pace.wasRead();
        else pace.wentWell();
        return { ...response, data: parsed(response.data) };
      } catch (error) {
        // Octokit takes the confirmation of a remembered page for an error.
        if (error instanceof RequestError && error.status === 304) pace.wasRead();
        const seconds = waitOfUnnamedLimit(error, attempt);
        if (seconds === undefined || seconds > maxWaitSeconds || attempt >= maxRateLimitRetries) throw error;
        pace.pushedBack();
        waits.announce("GitHub limits the rate", seconds);
        await wait(seconds * second);
      }
    }
  });
  return octokit;
}
/** What is no JSON stays text. */
export function parsed(body: unknown): unknown {
  if (typeof body !== "string" || body === "") return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
/**
 * Some limits carry none of the words that the throttling knows them by: a 429, or a 403 with `retry-after`. Without a time they
 * ask for a minute, doubled with each try: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
export function waitOfUnnamedLimit(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof RequestError) || /\bsecondary rate\b/i.test(error.message)) return undefined;
  const headers = error.response?.headers ?? {};
  if (headers["x-ratelimit-remaining"] === "0") return undefined;
  const retryAfter = Number(headers["retry-after"]);
  if (error.status === 403 && Number.isFinite(retryAfter)) return retryAfter;
  if (error.status === 429) return Number.isFinite(retryAfter) ? retryAfter : 60 * 2 ** attempt;
  return undefined;
}
/** Octokit's log would print addresses and retries into the preview; failures reach the user as errors. */
export const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export function ignore(): void {}
export const maxRateLimitRetries = 5;
/** GitHub allows 100 requests at once for all that an account does: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export const maxConcurrentCalls = 48;
