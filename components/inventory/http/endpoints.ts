import type { CacheFolder } from "../cache/cache-folder";

export interface Endpoints {
  /** `https://api.github.com`, or that of a GitHub Enterprise Server. */
  readonly githubApiUrl: string;
  /** `https://ghcr.io`, or that of a GitHub Enterprise Server. */
  readonly registryUrl: string;
  /** Maximum deletions per minute. GitHub's documented limit is 180; the pace starts at the one per second that it recommends. */
  readonly deletionsPerMinute: number;
  readonly cacheFolder: CacheFolder;
}
