import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Endpoints } from "./inventory/connection";
import { describeIssues } from "./rules/parse-policy";

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The token travels to these, so only encrypted ones will do; on loopback there is nobody to listen. */
const Server = z.url({ protocol: /^https?$/ }).refine((url) => {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || loopback.test(hostname);
}, "expected an https:// address");

const StackSettings = z.object({
  githubApiUrl: Server.default("https://api.github.com"),
  registryUrl: Server.default("https://ghcr.io"),
  // GitHub documents 900 points a minute, and a deletion costs 5; an Enterprise Server may have other limits.
  deletionsPerMinute: z.coerce.number().int().min(1).default(180),
});

/** Settings of the stack that all of its policies share, from the config namespace `ghcr-retention`. */
export class Settings {
  readonly endpoints: Endpoints;
  /** The token; a promise, so that what is derived from it is not marked as a secret: it never holds the token. */
  readonly token: Promise<string | undefined>;

  private constructor(config: pulumi.Config) {
    const parsed = StackSettings.safeParse({
      githubApiUrl: config.get("githubApiUrl"),
      registryUrl: config.get("registryUrl"),
      deletionsPerMinute: config.get("deletionsPerMinute"),
    });
    if (!parsed.success) throw new pulumi.RunError(`the stack's config is not valid:\n${describeIssues(parsed.error, "ghcr-retention:")}`);
    this.endpoints = parsed.data;
    const secret = config.getSecret("token");
    this.token = secret === undefined ? Promise.resolve(process.env.GITHUB_TOKEN) : new Promise((resolve) => secret.apply(resolve));
  }

  static load(): Settings {
    return new Settings(new pulumi.Config("ghcr-retention"));
  }
}
