import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import Bottleneck from "bottleneck";
import ky, { type KyInstance } from "ky";
import pLimit, { type LimitFunction } from "p-limit";

export interface Endpoints {
  /** `https://api.github.com`, or that of a GitHub Enterprise Server. */
  readonly githubApiUrl: string;
  /** `https://ghcr.io`, or that of a GitHub Enterprise Server. */
  readonly registryUrl: string;
  /** Pace of deletions. GitHub documents 180 a minute at the most and advises one a second. */
  readonly deletionsPerMinute: number;
}

/** The two servers, signed in, with one queue each for all packages. */
export interface Connection {
  readonly octokit: Octokit;
  readonly registry: KyInstance;
  readonly githubQueue: LimitFunction;
  readonly registryQueue: LimitFunction;
}

const retriesAfterRateLimit = 5;
const connections = new Map<string, Connection>();

/** One connection per process and server, so that the packages of a stack share its limits. */
export function connect(endpoints: Endpoints, token: string): Connection {
  const key = JSON.stringify([endpoints, token]);
  const connection = connections.get(key) ?? open(endpoints, token);
  connections.set(key, connection);
  return connection;
}

function open(endpoints: Endpoints, token: string): Connection {
  return {
    octokit: openGitHub(endpoints, token),
    registry: openRegistry(endpoints, token),
    githubQueue: pLimit(8),
    registryQueue: pLimit(16),
  };
}

function openGitHub({ githubApiUrl, deletionsPerMinute }: Endpoints, token: string): Octokit {
  const RetryingOctokit = Octokit.plugin(retry, throttling);
  const goOn = (_wait: number, _request: unknown, _octokit: unknown, retryCount: number) => retryCount < retriesAfterRateLimit;
  return new RetryingOctokit({
    auth: token,
    baseUrl: githubApiUrl.replace(/\/+$/, ""),
    userAgent: "ghcr-retention",
    log: silent,
    throttle: {
      // The plugin's own write queue sends one a second; GitHub's documented points allow three.
      write: new Bottleneck.Group({ id: "ghcr-retention-write", maxConcurrent: 1, minTime: Math.ceil(60_000 / deletionsPerMinute) }),
      onRateLimit: goOn,
      onSecondaryRateLimit: goOn,
    },
  });
}

/** GHCR takes the token straight, base64-encoded; a redirect would carry it elsewhere, so none is followed. */
function openRegistry({ registryUrl }: Endpoints, token: string): KyInstance {
  return ky.create({
    prefixUrl: `${registryUrl.replace(/\/+$/, "")}/v2`,
    headers: { authorization: `Bearer ${Buffer.from(token).toString("base64")}`, "user-agent": "ghcr-retention" },
    redirect: "manual",
    throwHttpErrors: (status) => retriedStatuses.includes(status),
    timeout: 60_000,
    retry: { limit: 4, methods: ["get", "head"], statusCodes: retriedStatuses, afterStatusCodes: [429, 503], backoffLimit: 10_000 },
  });
}

const retriedStatuses = [408, 429, 500, 502, 503, 504];

/** Octokit's log would print addresses and retries into the preview; failures reach the user as errors. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
