import { setTimeout as wait } from "node:timers/promises";
import pLimit, { type LimitFunction } from "p-limit";
import type { CacheFolder } from "./cache/cache-folder";
import { checkToken } from "./github/check-token";
import { type GitHubConnection, openGitHub } from "./github/client";
import { WaitAnnouncer } from "./http/announce-waits";
import { excludeEnvironmentFromReports } from "./http/crash-reports";
import type { Endpoints } from "./http/endpoints";
import { openRegistry, type RegistryConnection } from "./registry/client";

export type { Endpoints } from "./http/endpoints";

/** Packages observed at a time: enough to keep a server busy, few enough that memory stays small and packages finish one by one. */
const concurrentPackages = 24;

/** Both servers, signed in. */
export interface Connection {
  readonly github: GitHubConnection;
  readonly registry: RegistryConnection;
  readonly packageLimit: LimitFunction;
  /** The folder in which results are cached between runs. */
  readonly cacheFolder: CacheFolder;
  /** Waits before a request is repeated. */
  pause(seconds: number): Promise<void>;
}

const connections = new Map<string, Connection>();

/**
 * Returns one connection per process and server, so that the packages of a stack share its limits. `second` is the length of a
 * second of waiting in milliseconds, which tests shorten. `log` receives a line about each long wait. Throws a
 * {@link RetentionError} for a token that GitHub's packages do not accept.
 */
export function connect(endpoints: Endpoints, untrimmedToken: string, second = 1_000, log: (text: string) => void = ignore): Connection {
  const token = checkToken(untrimmedToken);
  excludeEnvironmentFromReports();
  const key = JSON.stringify([endpoints, token, second]);
  const connection = connections.get(key) ?? open(endpoints, token, second, new WaitAnnouncer(log));
  connections.set(key, connection);
  return connection;
}

function open({ cacheFolder, registryUrl, ...api }: Endpoints, token: string, second: number, waits: WaitAnnouncer): Connection {
  return {
    github: openGitHub({ ...api, token, second, waits }),
    registry: openRegistry({ registryUrl, token, second, waits }),
    packageLimit: pLimit(concurrentPackages),
    cacheFolder,
    pause: (seconds) => wait(seconds * second),
  };
}

function ignore(): void {}
