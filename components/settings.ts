import * as pulumi from "@pulumi/pulumi";
import type { Endpoints } from "./inventory/connection";

/** Settings of the stack that all of its policies share, from the config namespace `ghcr-retention`. */
export class Settings {
  readonly endpoints: Endpoints;
  /** The token; a promise, so that what is derived from it is not marked as a secret: it never holds the token. */
  readonly token: Promise<string | undefined>;

  private constructor(config: pulumi.Config) {
    this.endpoints = {
      githubApiUrl: config.get("githubApiUrl") ?? "https://api.github.com",
      registryUrl: config.get("registryUrl") ?? "https://ghcr.io",
      deletionsPerMinute: config.getNumber("deletionsPerMinute", { min: 1 }) ?? 180,
    };
    const secret = config.getSecret("token");
    this.token = secret === undefined ? Promise.resolve(process.env.GITHUB_TOKEN) : new Promise((resolve) => secret.apply(resolve));
  }

  static load(): Settings {
    return new Settings(new pulumi.Config("ghcr-retention"));
  }
}
