import { setTimeout as wait } from "node:timers/promises";
import type { Octokit } from "@octokit/rest";
import type { CacheFolder } from "./cache/package-cache";
import type { Endpoints } from "./endpoints";
import { checkToken } from "./github/check-token";
import { ignore, maxConcurrentCalls, maxWaitSeconds, openGitHub } from "./github/client";
import type { OwnerAnswer } from "./github/route";
import { AdaptiveQueue } from "./http/adaptive-queue";
import { WaitAnnouncer } from "./http/announce-waits";
import { excludeEnvironmentFromReports } from "./http/crash-reports";
import { PackageConcurrency } from "./package-concurrency";
import { RegistryClient } from "./registry/client";

export type { Endpoints } from "./endpoints";

/** The two servers, signed in, with one queue each for all packages. */
export interface Connection {
  readonly octokit: Octokit;
  readonly registry: RegistryClient;
  readonly registryUrl: string;
  readonly githubQueue: AdaptiveQueue;
  readonly registryQueue: AdaptiveQueue;
  readonly packageConcurrency: PackageConcurrency;
  /** Where what was read is kept between runs. */
  readonly cacheFolder: CacheFolder;
  /** What kind of owner each is: asked once for all of its packages. */
  readonly owners: Map<string, Promise<OwnerAnswer>>;
  /** Waits before something is asked again. */
  pause(seconds: number): Promise<void>;
}

/** Manifests asked for at once, of all packages. */
const maxConcurrentReads = 64;
const connections = new Map<string, Connection>();

/**
 * One connection per process and server, so that the packages of a stack share its limits. `second` is how many
 * milliseconds a second of waiting lasts: tests shorten it. `tell` is told when a long wait ends. Throws a {@link LookError}
 * where the token cannot be of use.
 */
export function connect(endpoints: Endpoints, written: string, second = 1_000, log: (text: string) => void = ignore): Connection {
  const token = checkToken(written);
  excludeEnvironmentFromReports();
  const key = JSON.stringify([endpoints, token, second]);
  const connection = connections.get(key) ?? open(endpoints, token, second, new WaitAnnouncer(log));
  connections.set(key, connection);
  return connection;
}

function open(endpoints: Endpoints, token: string, second: number, waits: WaitAnnouncer): Connection {
  const { registryUrl } = endpoints;
  const registryQueue = new AdaptiveQueue({ start: 32, min: 2, max: maxConcurrentReads, perPackage: maxConcurrentReads });
  const onPushback = (seconds: number) => {
    registryQueue.pushedBack();
    waits.announce("the registry's rate limit is reached", seconds);
  };
  return {
    octokit: openGitHub(endpoints, token, second, waits),
    registry: new RegistryClient({
      registryUrl,
      token,
      concurrency: maxConcurrentReads,
      second,
      maxWaitSeconds: maxWaitSeconds,
      onPushback,
    }),
    registryUrl,
    githubQueue: new AdaptiveQueue({ start: 16, min: 2, max: maxConcurrentCalls, perPackage: maxConcurrentCalls }),
    registryQueue,
    packageConcurrency: new PackageConcurrency(() => ({ waiting: registryQueue.waiting, concurrency: registryQueue.concurrency })),
    cacheFolder: endpoints.cacheFolder,
    owners: new Map(),
    pause: (seconds) => wait(seconds * second),
  };
}
