import * as pulumi from "@pulumi/pulumi";
import { parseEndpoints } from "./endpoints";
import type { Endpoints } from "./inventory/endpoints";
import { ConfigError } from "./rules/stack-policies";

/** Settings of the stack that all of its policies share, from the config namespace `ghcr-retention`. */
export class Settings {
  readonly endpoints: Endpoints;
  /** The token; a promise, so that what is derived from it is not marked as a secret: it never holds the token. */
  readonly token: Promise<string | undefined>;

  /** For what concerns all packages: it appears under the stack. */
  readonly tell = (text: string): void => void pulumi.log.info(text);

  private constructor(config: pulumi.Config) {
    try {
      this.endpoints = parseEndpoints({
        githubApiUrl: config.get("githubApiUrl"),
        registryUrl: config.get("registryUrl"),
        deletionsPerMinute: config.get("deletionsPerMinute"),
        cacheDir: config.get("cacheDir"),
      });
    } catch (error) {
      throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
    }
    const secret = config.getSecret("token");
    this.token = secret === undefined ? Promise.resolve(process.env.GITHUB_TOKEN) : new Promise((resolve) => secret.apply(resolve));
  }

  static load(): Settings {
    return new Settings(new pulumi.Config("ghcr-retention"));
  }
}
