import { setTimeout as wait } from "node:timers/promises";
import { RequestError } from "@octokit/request-error";
import { Octokit } from "@octokit/rest";
import type { DeploymentAnswer } from "../../model/deployments";
import { AdaptiveQueue } from "../http/adaptive-queue";
import type { WaitAnnouncer } from "../http/announce-waits";
import { boundedFetch } from "../http/bounded-fetch";
import type { Endpoints } from "../http/endpoints";
import { HttpClient } from "../http/http";
import { type Failure, type RetryOptions, withRetries } from "../http/retry-policy";
import type { OwnerInfo } from "./route";
import { WritePace } from "./write-pace";

/** GitHub's API, signed in. */
export interface GitHubConnection {
  readonly octokit: Octokit;
  /** Orders the reading calls of all packages. */
  readonly queue: AdaptiveQueue;
  /** The kind of each owner, requested once for all of its packages. */
  readonly owners: Map<string, Promise<OwnerInfo>>;
  /** Where images run, by owner and digest: packages of one owner may hold the same image. `at` is milliseconds of the local clock. */
  readonly deployments: Map<string, { readonly at: number; readonly answer: Promise<DeploymentAnswer> }>;
  /** By what a list is about, the page size that GitHub can answer, where it is not the largest. */
  readonly pageSizes: Map<string, number>;
  /** Waits before a call is repeated. */
  pause(seconds: number): Promise<void>;
}

export interface GitHubOptions extends Pick<Endpoints, "githubApiUrl" | "deletionsPerMinute"> {
  readonly token: string;
  /** Length of a second of waiting, milliseconds. */
  readonly second: number;
  readonly waits: WaitAnnouncer;
}

/** GitHub allows 100 concurrent requests for everything that an account does: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const maxConcurrentCalls = 48;

/** The version whose answers are understood here: https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const apiVersion = "2022-11-28";

export function openGitHub(options: GitHubOptions): GitHubConnection {
  return {
    octokit: createOctokit(options),
    queue: new AdaptiveQueue({ start: 16, min: 2, max: maxConcurrentCalls, perPackage: maxConcurrentCalls }),
    owners: new Map(),
    deployments: new Map(),
    pageSizes: new Map(),
    pause: (seconds) => wait(seconds * options.second),
  };
}

const afterLostAnswer = new WeakSet<RequestError>();

/** Reports whether an earlier attempt got no answer that says what became of it: GitHub may have carried it out. */
export function followsLostAnswer(error: RequestError): boolean {
  return afterLostAnswer.has(error);
}

function createOctokit({ githubApiUrl, deletionsPerMinute, token, second, waits }: GitHubOptions): Octokit {
  const octokit = new Octokit({
    auth: token,
    baseUrl: githubApiUrl.replace(/\/+$/, ""),
    userAgent: "ghcr-retention",
    log: silent,
    // Without a log of its own a request prints what GitHub says of deprecations. Octokit's JSON parser searches for large
    // integers, which a list of versions does not have, and takes longer than everything else about a page.
    request: { fetch: boundedFetch(new HttpClient(maxConcurrentCalls)), log: silent, parseSuccessResponseBody: false },
  });
  const pace = new WritePace(deletionsPerMinute);
  const retries: RetryOptions = {
    second,
    failureOf,
    onLimit: (limit, seconds) => {
      pace.pushedBack();
      const which = limit === "unnamed" ? "GitHub limits the rate" : `GitHub's ${limit} rate limit is reached`;
      if (seconds !== undefined) waits.announce(which, seconds);
    },
  };
  octokit.hook.before("request", ({ headers }) => {
    headers["x-github-api-version"] = apiVersion;
  });
  octokit.hook.wrap("request", (request, options) => {
    const signal: AbortSignal | undefined = options.request?.signal;
    let isLost = false;
    return withRetries({ ...retries, signal }, async () => {
      const isRead = options.method === "GET";
      if (!isRead) await pace.nextWrite(signal);
      try {
        const response = await request(options);
        if (isRead) pace.wasRead();
        else pace.wentWell();
        return { ...response, data: parsed(response.data) };
      } catch (error) {
        if (error instanceof RequestError) {
          // Octokit throws where GitHub confirms a remembered page.
          if (error.status === 304) pace.wasRead();
          if (isLost) afterLostAnswer.add(error);
          // Octokit gives a request without a response the status 500.
          isLost ||= error.status >= 500;
        }
        throw error;
      }
    });
  });
  return octokit;
}

function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof RequestError)) return undefined;
  const { message, request, response } = error;
  const failure = { server: "github", method: request.method, message } as const;
  return response === undefined ? { ...failure, headers: {} } : { ...failure, status: error.status, headers: response.headers };
}

/** Parses a body; one that is not JSON stays text. */
function parsed(body: unknown): unknown {
  if (typeof body !== "string" || body === "") return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Octokit's log would print addresses and retries into the preview; failures reach the user as errors. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
