import { z } from "zod";
import { cacheFolderOf } from "../inventory/cache/cache-folder";
import type { Endpoints } from "../inventory/connection";
import { isSafeServer } from "../inventory/http/safe-url";
import { ConfigError } from "../model/errors";
import { issueText } from "../rules/issue-text";
import { describeIssues } from "../rules/parse-policy";

/** The URL of a server that receives the token, so it has to use TLS. */
const address = "expected an https:// address";
const Server = z
  .url({ protocol: /^https?$/, error: ({ input }) => (typeof input === "string" ? address : undefined) })
  .refine((url) => URL.canParse(url) && isSafeServer(new URL(url)), address);

export const EndpointSettings = z.object({
  githubApiUrl: Server.default("https://api.github.com").describe("URL of GitHub's API, or of that of a GitHub Enterprise Server."),
  registryUrl: Server.default("https://ghcr.io").describe("URL of the registry, or of that of a GitHub Enterprise Server."),
  // GitHub allows 900 points a minute, and a deletion costs 5; an Enterprise Server may have other limits.
  deletionsPerMinute: z.coerce
    .number()
    .int()
    .min(1)
    .default(180)
    .describe("Maximum deletions per minute. GitHub's documented limit is 180."),
  cacheDir: z
    .string()
    .optional()
    .describe("Folder of the cache. Default: the environment variable `GHCR_RETENTION_CACHE`, or the platform's folder for caches."),
});

/** Parses the settings of the servers and the cache. Throws a {@link ConfigError} that names each path and its fix. */
export function parseEndpoints(written: unknown): Endpoints {
  const parsed = EndpointSettings.safeParse(written, { error: issueText });
  if (parsed.success) {
    const { cacheDir, ...endpoints } = parsed.data;
    return { ...endpoints, cacheFolder: cacheFolderOf(cacheDir) };
  }
  throw new ConfigError(`the stack's config is not valid:\n${describeIssues(parsed.error, "ghcr-retention:")}`);
}
