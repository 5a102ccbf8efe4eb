import type { CacheFolder } from "./cache/package-cache";

export interface Endpoints {
  /** `https://api.github.com`, or that of a GitHub Enterprise Server. */
  readonly githubApiUrl: string;
  /** `https://ghcr.io`, or that of a GitHub Enterprise Server. */
  readonly registryUrl: string;
  /** The highest pace of deletions. GitHub documents 180 a minute at the most and advises one a second, where the pace starts. */
  readonly deletionsPerMinute: number;
  readonly cacheFolder: CacheFolder;
}
