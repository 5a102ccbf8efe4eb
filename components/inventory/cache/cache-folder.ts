import envPaths from "env-paths";

/** The cache folder. `undefined`: no cache. */
export type CacheFolder = string | undefined;

/** Returns the setting, else GHCR_RETENTION_CACHE, else the platform's cache folder. */
export function cacheFolderOf(setting: string | undefined): CacheFolder {
  return setting || process.env.GHCR_RETENTION_CACHE || envPaths("ghcr-retention", { suffix: "" }).cache;
}
