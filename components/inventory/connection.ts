import { setTimeout as wait } from "node:timers/promises";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import Bottleneck from "bottleneck";
import ky, { HTTPError, type KyInstance } from "ky";
import { AdaptiveQueue } from "./adaptive-queue";
import type { OwnerAnswer } from "./github-packages";
import type { CacheFolder } from "./package-cache";

export interface Endpoints {
  /** `https://api.github.com`, or that of a GitHub Enterprise Server. */
  readonly githubApiUrl: string;
  /** `https://ghcr.io`, or that of a GitHub Enterprise Server. */
  readonly registryUrl: string;
  /** Pace of deletions. GitHub documents 180 a minute at the most and advises one a second. */
  readonly deletionsPerMinute: number;
  readonly cacheFolder: CacheFolder;
}

/** The two servers, signed in, with one queue each for all packages. */
export interface Connection {
  readonly octokit: Octokit;
  readonly registry: KyInstance;
  readonly registryUrl: string;
  readonly githubQueue: AdaptiveQueue;
  readonly registryQueue: AdaptiveQueue;
  /** Where what was read is kept between runs. */
  readonly cacheFolder: CacheFolder;
  /** What kind of owner each is: asked once for all of its packages. */
  readonly owners: Map<string, Promise<OwnerAnswer>>;
  /** Waits before something is asked again. */
  pause(seconds: number): Promise<void>;
}

const retriesAfterRateLimit = 5;
const connections = new Map<string, Connection>();

/**
 * One connection per process and server, so that the packages of a stack share its limits. `second` is how many
 * milliseconds a second of waiting lasts: tests shorten it.
 */
export function connect(endpoints: Endpoints, token: string, second = 1_000): Connection {
  const key = JSON.stringify([endpoints, token, second]);
  const connection = connections.get(key) ?? open(endpoints, token, second);
  connections.set(key, connection);
  return connection;
}

function open(endpoints: Endpoints, token: string, second: number): Connection {
  const registryQueue = new AdaptiveQueue({ start: 32, least: 2, most: 64, perPackage: 32 });
  return {
    octokit: openGitHub(endpoints, token, second),
    registry: openRegistry(endpoints, token, second, () => registryQueue.pushedBack()),
    registryUrl: endpoints.registryUrl,
    // GitHub allows 100 requests at once for all that an account does.
    githubQueue: new AdaptiveQueue({ start: 16, least: 2, most: 48, perPackage: 16 }),
    registryQueue,
    cacheFolder: endpoints.cacheFolder,
    owners: new Map(),
    pause: (seconds) => wait(seconds * second),
  };
}

function openGitHub({ githubApiUrl, deletionsPerMinute }: Endpoints, token: string, second: number): Octokit {
  const RetryingOctokit = Octokit.plugin(retry, throttling);
  const goOn = (_wait: number, _request: unknown, _octokit: unknown, retryCount: number) => retryCount < retriesAfterRateLimit;
  return new RetryingOctokit({
    auth: token,
    baseUrl: githubApiUrl.replace(/\/+$/, ""),
    userAgent: "ghcr-retention",
    log: silent,
    // Of limits (429) the throttling takes care: each of its tries would be tried again.
    retry: { retryAfterBaseValue: second, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
    throttle: {
      retryAfterBaseValue: second,
      // The plugin's own write queue sends one a second; GitHub's documented points allow three.
      write: new Bottleneck.Group({ id: "ghcr-retention-write", maxConcurrent: 1, minTime: Math.ceil(60_000 / deletionsPerMinute) }),
      onRateLimit: goOn,
      onSecondaryRateLimit: goOn,
    },
  });
}

/** GHCR takes the token straight, base64-encoded; a redirect would carry it elsewhere, so none is followed. */
function openRegistry({ registryUrl }: Endpoints, token: string, second: number, onPushback: () => void): KyInstance {
  return ky.create({
    prefixUrl: `${registryUrl.replace(/\/+$/, "")}/v2`,
    headers: { authorization: `Bearer ${Buffer.from(token).toString("base64")}`, "user-agent": "ghcr-retention" },
    redirect: "manual",
    throwHttpErrors: (status) => retriedStatuses.includes(status),
    timeout: 60_000,
    hooks: { beforeRetry: [({ error }) => (error instanceof HTTPError && error.response.status === 429 ? onPushback() : undefined)] },
    retry: {
      limit: 4,
      methods: ["get", "head"],
      statusCodes: retriedStatuses,
      afterStatusCodes: [429, 503],
      delay: (attempt) => Math.min(0.3 * 2 ** (attempt - 1), 10) * second,
    },
  });
}

const retriedStatuses = [408, 429, 500, 502, 503, 504];

/** Octokit's log would print addresses and retries into the preview; failures reach the user as errors. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
