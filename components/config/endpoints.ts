import { z } from "zod";
import { cacheFolderOf } from "../inventory/cache/package-cache";
import type { Endpoints } from "../inventory/connection";
import { isSafeServer } from "../inventory/http/safe-url";
import { ConfigError } from "../model/errors";
import { describeIssues } from "../rules/parse-policy";

/** The token travels to these. */
const Server = z
  .url({ protocol: /^https?$/ })
  .refine((url) => URL.canParse(url) && isSafeServer(new URL(url)), "expected an https:// address");

export const EndpointSettings = z.object({
  githubApiUrl: Server.default("https://api.github.com").describe("GitHub's API, or that of an Enterprise Server."),
  registryUrl: Server.default("https://ghcr.io").describe("The registry, or that of an Enterprise Server."),
  // GitHub documents 900 points a minute, and a deletion costs 5; an Enterprise Server may have other limits.
  deletionsPerMinute: z.coerce.number().int().min(1).default(180).describe("Pace of deletions; GitHub documents 180 at the most."),
  cacheDir: z
    .string()
    .optional()
    .describe("Where what was read is kept between runs; default: the platform's folder for caches. Also GHCR_RETENTION_CACHE."),
});

/** Throws a {@link ConfigError} that names each path and its fix. */
export function parseEndpoints(written: unknown): Endpoints {
  const parsed = EndpointSettings.safeParse(written);
  if (parsed.success) {
    const { cacheDir, ...endpoints } = parsed.data;
    return { ...endpoints, cacheFolder: cacheFolderOf(cacheDir) };
  }
  throw new ConfigError(`the stack's config is not valid:\n${describeIssues(parsed.error, "ghcr-retention:")}`);
}
