import { setTimeout as wait } from "node:timers/promises";
import type { Octokit } from "@octokit/rest";
import type { CacheFolder } from "./cache/package-cache";
import type { Endpoints } from "./endpoints";
import { usableToken } from "./github/check-token";
import { ignore, longestWait, mostCalls, openGitHub } from "./github/client";
import type { OwnerAnswer } from "./github/route";
import { AdaptiveQueue } from "./http/adaptive-queue";
import { LongWaits } from "./http/announce-waits";
import { leaveEnvironmentOutOfReports } from "./http/crash-reports";
import { Looks } from "./package-concurrency";
import { RegistryClient } from "./registry/client";

export type { Endpoints } from "./endpoints";

/** The two servers, signed in, with one queue each for all packages. */
export interface Connection {
  readonly octokit: Octokit;
  readonly registry: RegistryClient;
  readonly registryUrl: string;
  readonly githubQueue: AdaptiveQueue;
  readonly registryQueue: AdaptiveQueue;
  readonly looks: Looks;
  /** Where what was read is kept between runs. */
  readonly cacheFolder: CacheFolder;
  /** What kind of owner each is: asked once for all of its packages. */
  readonly owners: Map<string, Promise<OwnerAnswer>>;
  /** Waits before something is asked again. */
  pause(seconds: number): Promise<void>;
}

/** Manifests asked for at once, of all packages. */
const mostReads = 64;
const connections = new Map<string, Connection>();

/**
 * One connection per process and server, so that the packages of a stack share its limits. `second` is how many
 * milliseconds a second of waiting lasts: tests shorten it. `tell` is told when a long wait ends. Throws a {@link LookError}
 * where the token cannot be of use.
 */
export function connect(endpoints: Endpoints, written: string, second = 1_000, tell: (text: string) => void = ignore): Connection {
  const token = usableToken(written);
  leaveEnvironmentOutOfReports();
  const key = JSON.stringify([endpoints, token, second]);
  const connection = connections.get(key) ?? open(endpoints, token, second, new LongWaits(tell));
  connections.set(key, connection);
  return connection;
}

function open(endpoints: Endpoints, token: string, second: number, waits: LongWaits): Connection {
  const { registryUrl } = endpoints;
  const registryQueue = new AdaptiveQueue({ start: 32, least: 2, most: mostReads, perPackage: mostReads });
  const onPushback = (seconds: number) => {
    registryQueue.pushedBack();
    waits.announce("the registry's rate limit is reached", seconds);
  };
  return {
    octokit: openGitHub(endpoints, token, second, waits),
    registry: new RegistryClient({ registryUrl, token, atOnce: mostReads, second, longestWait, onPushback }),
    registryUrl,
    githubQueue: new AdaptiveQueue({ start: 16, least: 2, most: mostCalls, perPackage: mostCalls }),
    registryQueue,
    looks: new Looks(() => ({ waiting: registryQueue.waiting, atOnce: registryQueue.concurrency })),
    cacheFolder: endpoints.cacheFolder,
    owners: new Map(),
    pause: (seconds) => wait(seconds * second),
  };
}
